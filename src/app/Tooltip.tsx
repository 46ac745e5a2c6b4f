/** Shows a control's explanation to those who come by keyboard; a mouse gets it from the browser. */
import { useEffect, useState } from 'react';

interface Tip {
  readonly text: string;
  readonly left: number;
  readonly top: number;
}

/** Widest tip and its distance from the edge of the window, in pixels. */
const WIDTH = 260;
const MARGIN = 8;

export function Tooltip() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    const show = ({ target }: FocusEvent) => setTip(target instanceof HTMLElement ? tipOf(target) : null);
    const hide = () => setTip(null);
    const press = ({ key }: KeyboardEvent) => key === 'Escape' && hide();
    const once = new AbortController();
    const { signal } = once;
    document.addEventListener('focusin', show, { signal });
    document.addEventListener('focusout', hide, { signal });
    document.addEventListener('pointerdown', hide, { signal });
    document.addEventListener('keydown', press, { signal });
    document.addEventListener('scroll', hide, { signal, capture: true, passive: true });
    return () => once.abort();
  }, []);
  if (tip === null) return null;
  // The title itself is what a screen reader says.
  return (
    <p className="tip" aria-hidden="true" data-testid="tip" style={{ left: tip.left, top: tip.top, maxWidth: WIDTH }}>
      {tip.text}
    </p>
  );
}

function tipOf(element: HTMLElement): Tip | null {
  const text = element.closest('[title]')?.getAttribute('title') ?? '';
  if (text === '' || !element.matches(':focus-visible')) return null;
  const box = element.getBoundingClientRect();
  return { text, left: Math.max(MARGIN, Math.min(box.left, innerWidth - WIDTH - MARGIN)), top: box.bottom + MARGIN };
}
