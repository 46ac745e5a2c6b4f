/** A square to draw on with a mouse, a pen or a finger. */
import { useRef, type PointerEvent } from 'react';
import { PEN, type Point, type Stroke } from './strokes.ts';

interface Props {
  readonly label: string;
  readonly strokes: readonly Stroke[];
  readonly onChange: (strokes: readonly Stroke[]) => void;
}

export function DrawPad({ label, strokes, onChange }: Props) {
  const drawing = useRef<Stroke | null>(null);
  const placeOf = ({ currentTarget, clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const start = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drawing.current = [placeOf(event)];
    onChange([...strokes, drawing.current]);
  };
  const move = (event: PointerEvent) => {
    if (drawing.current === null) return;
    drawing.current = [...drawing.current, placeOf(event)];
    onChange([...strokes.slice(0, -1), drawing.current]);
  };
  const end = () => {
    drawing.current = null;
  };
  return (
    <svg
      className="draw-pad"
      data-testid="draw-pad"
      viewBox="0 0 1 1"
      role="img"
      aria-label={label}
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {strokes.map((stroke, i) => (
        <polyline
          key={i}
          // A dot is a line to where it is.
          points={[...stroke, ...stroke.slice(-1)].map(([x, y]) => `${x.toFixed(3)},${y.toFixed(3)}`).join(' ')}
          strokeWidth={2 * PEN}
        />
      ))}
    </svg>
  );
}
