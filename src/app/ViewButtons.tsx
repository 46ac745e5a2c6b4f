/** How the page is shown: light or dark, and large for a projector. Both last beyond a reload. */
import { useEffect, useState } from 'react';
import { Icon } from './Icon.tsx';

type Theme = 'light' | 'dark';

/** The system's choice until the button is pressed, then the person's. */
export function ThemeButton() {
  const [chosen, setChosen] = useState<Theme | null>(() => {
    const text = recall('theme');
    return text === 'light' || text === 'dark' ? text : null;
  });
  useEffect(() => {
    if (chosen === null) return;
    document.documentElement.dataset['theme'] = chosen;
    remember('theme', chosen);
  }, [chosen]);
  const flip = () => {
    const now = chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    setChosen(now === 'dark' ? 'light' : 'dark');
  };
  return (
    <button type="button" className="quiet" title="Switch between light and dark." onClick={flip}>
      <Icon name="theme" /> Theme
    </button>
  );
}

/** Large type and the figures alone, for those who sit far from the screen. */
export function ProjectorButton() {
  const [on, setOn] = useState(() => recall('projector') === 'on');
  useEffect(() => {
    document.documentElement.toggleAttribute('data-projector', on);
    remember('projector', on ? 'on' : 'off');
  }, [on]);
  return (
    <button
      type="button"
      className="quiet"
      data-testid="projector"
      aria-pressed={on}
      title="Show the figures alone and in large type, for a projector."
      onClick={() => setOn(!on)}
    >
      <Icon name="projector" /> Projector
    </button>
  );
}

/** Storage may be forbidden; a choice then lasts as long as the page. */
function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Nothing to do: see above.
  }
}
