/** One sigmoid mask: its curve, what it keeps, what it crops, and the threshold between. */
import { memo, useMemo } from 'react';
import { cutAt, layoutSigmoid } from './masks.ts';

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

/** Memoised by what shows: the force on a mask changes with every step, its cut seldom, its curve's form hardly ever. */
export const MaskCurve = memo(function MaskCurve(props: Props) {
  const { cut, temperature, width, height, second = false, idle = false } = props;
  const layout = useMemo(() => layoutSigmoid(temperature, width, height), [temperature, width, height]);
  const x = cutAt(cut, width).toFixed(1);
  const name = idle ? 'idle' : undefined;
  // A nested drawing crops what reaches over the axis, but not the curve's own thickness.
  return (
    <svg className="mask" y={-1} width={width} height={height + 2} viewBox={`0 -1 ${width} ${height + 2}`}>
      {second ? (
        <g className={name} transform={`translate(${x} 0)`}>
          <path className="mask-curve second" d={layout.curve} />
          <line className="mask-cut second" y2={height} />
        </g>
      ) : (
        <g className={name}>
          <rect className="cropped" x={x} width={width} height={height} />
          <line className="mask-threshold" x2={width} y1={layout.threshold} y2={layout.threshold} />
          <g transform={`translate(${x} 0)`}>
            <path className="mask-kept" d={layout.kept} />
            <path className="mask-curve" d={layout.curve} />
            <line className="mask-cut" y2={height} />
          </g>
        </g>
      )}
    </svg>
  );
});

/** The patterns that mark what is cropped, what the data hold and what is wrong; one set a page is enough. */
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
        <pattern id="missed" width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="missed-paper" width={5} height={5} />
          <line className="missed-line" x1={1} x2={1} y1={0} y2={5} />
        </pattern>
        <pattern id="excess" width={5} height={5} patternUnits="userSpaceOnUse">
          <rect className="excess-paper" width={5} height={5} />
          <circle className="excess-dot" cx={2.5} cy={2.5} r={1.3} />
        </pattern>
      </defs>
    </svg>
  );
}
