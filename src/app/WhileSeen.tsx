/** Draws its content with each new value while it is on the screen, and twice a second while it is not. */
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';

/** Content so near the screen is drawn as if on it, so that nothing is seen to start. */
const MARGIN = '200px 0px';
const UNSEEN_MS = 500;

interface Props<T> {
  readonly value: T;
  /** Whether values come so fast that they may wait; where not, each is drawn at once. */
  readonly mayWait: boolean;
  readonly onSeen?: (seen: boolean) => void;
  readonly children: (value: T) => ReactNode;
}

export function WhileSeen<T>({ value, mayWait, onSeen, children }: Props<T>) {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(true);
  const [held, hold] = useState<{ readonly value: T }>({ value });
  const report = useEffectEvent((now: boolean) => {
    setSeen(now);
    onSeen?.(now);
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new IntersectionObserver((entries) => report(entries.at(-1)?.isIntersecting ?? true), {
      rootMargin: MARGIN,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const waits = mayWait && !seen;
  const take = useEffectEvent(() => hold({ value }));
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => take(), UNSEEN_MS);
    return () => clearInterval(timer);
  }, [waits]);
  return <div ref={ref}>{children(waits ? held.value : value)}</div>;
}
