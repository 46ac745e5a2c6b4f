/** Gives its content the width that it has, in pixels, so that text in a figure keeps its size. */
import { useEffect, useRef, useState, type ReactNode } from 'react';

interface Props {
  readonly children: (width: number) => ReactNode;
}

export function Measured({ children }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={ref} className="measured">
      {width > 0 && children(width)}
    </div>
  );
}
