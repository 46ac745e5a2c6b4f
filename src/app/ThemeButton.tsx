/** Light or dark: the system's choice until the button is pressed, then the person's. */
import { useEffect, useState } from 'react';
import { Icon } from './Icon.tsx';

type Theme = 'light' | 'dark';
const KEY = 'theme';

export function ThemeButton() {
  const [chosen, setChosen] = useState<Theme | null>(storedTheme);
  useEffect(() => {
    if (chosen === null) return;
    document.documentElement.dataset['theme'] = chosen;
    store(chosen);
  }, [chosen]);
  const flip = () => {
    const now = chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    setChosen(now === 'dark' ? 'light' : 'dark');
  };
  return (
    <button type="button" className="quiet theme" title="Switch between light and dark." onClick={flip}>
      <Icon name="theme" /> Theme
    </button>
  );
}

/** Storage may be forbidden; the choice then lasts as long as the page. */
function storedTheme(): Theme | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === 'light' || text === 'dark' ? text : null;
  } catch {
    return null;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Nothing to do: see above.
  }
}
