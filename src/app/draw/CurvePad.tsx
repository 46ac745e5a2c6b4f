/** A curve that is bent by drawing over it. */
import { useRef, type PointerEvent } from 'react';
import { bent, type Point } from './strokes.ts';

interface Props {
  /** From 0, at the bottom, to 1. */
  readonly curve: Float32Array;
  readonly onChange: (curve: Float32Array) => void;
}

/** Units of the drawing, which is stretched to its frame. */
const [WIDTH, HEIGHT] = [1000, 100];

export function CurvePad({ curve, onChange }: Props) {
  const last = useRef<Point | null>(null);
  const placeOf = ({ currentTarget, clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const to = (event: PointerEvent) => {
    const place = placeOf(event);
    onChange(bent(curve, last.current ?? place, place));
    last.current = place;
  };
  const start = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    to(event);
  };
  const end = () => {
    last.current = null;
  };
  const points = Array.from(curve, (value, i) => {
    const x = ((i + 0.5) * WIDTH) / curve.length;
    return `${x.toFixed(1)},${((1 - value) * HEIGHT).toFixed(1)}`;
  });
  return (
    <svg
      className="curve-pad"
      data-testid="curve-pad"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label="The sample’s curve; draw over it to change it"
      onPointerDown={start}
      onPointerMove={(event) => last.current !== null && to(event)}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <polyline points={points.join(' ')} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
