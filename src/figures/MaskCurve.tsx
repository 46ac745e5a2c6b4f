/** One sigmoid mask: its curve, what it keeps, what it crops, and the threshold between. */
import { memo } from 'react';
import { layoutSigmoid } from './masks.ts';

interface Props {
  readonly cut: number;
  readonly temperature: number;
  readonly width: number;
  readonly height: number;
  /** A second curve over the same axis is drawn dashed and without areas. */
  readonly second?: boolean;
  /** The mask is there and learns, but is not applied: nothing is cropped. */
  readonly idle?: boolean;
}

/** Memoised by what shows: the force on a mask changes with every step, its curve seldom. */
export const MaskCurve = memo(function MaskCurve(props: Props) {
  const { width, height, second = false, idle = false } = props;
  const layout = layoutSigmoid(props, width, height);
  const name = idle ? 'idle' : '';
  if (second) {
    return (
      <g className={name}>
        <path className="mask-curve second" d={layout.curve} />
        <line className="mask-cut second" x1={layout.cut} x2={layout.cut} y1={0} y2={height} />
      </g>
    );
  }
  return (
    <g className={name}>
      <rect className="cropped" x={layout.cut} width={Math.max(0, width - layout.cut)} height={height} />
      <path className="mask-kept" d={layout.kept} />
      <line className="mask-threshold" x1={0} x2={width} y1={layout.threshold} y2={layout.threshold} />
      <path className="mask-curve" d={layout.curve} />
      <line className="mask-cut" x1={layout.cut} x2={layout.cut} y1={0} y2={height} />
    </g>
  );
});

/** The patterns that mark what is cropped and what the data hold; one set a page is enough. */
export function Hatching() {
  return (
    <svg className="hatching" width={0} height={0} aria-hidden="true">
      <defs>
        <pattern id="hatch" width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line className="hatch-line" x1={0} x2={0} y1={0} y2={5} />
        </pattern>
        <pattern id="grain" width={4} height={4} patternUnits="userSpaceOnUse">
          <rect className="grain-paper" width={4} height={4} />
          <circle className="grain-dot" cx={1} cy={1} r={0.8} />
          <circle className="grain-dot" cx={3} cy={3} r={0.8} />
        </pattern>
      </defs>
    </svg>
  );
}
