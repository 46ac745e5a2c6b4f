/** One sigmoid mask: its curve, what it keeps, what it crops, and the threshold between. */
import type { SigmoidMask } from '../engine/protocol.ts';
import { layoutSigmoid } from './masks.ts';

interface Props {
  readonly mask: SigmoidMask;
  readonly width: number;
  readonly height: number;
  /** A second curve over the same axis is drawn dashed and without areas. */
  readonly second?: boolean;
  /** The mask is there and learns, but is not applied: nothing is cropped. */
  readonly idle?: boolean;
}

export function MaskCurve({ mask, width, height, second = false, idle = false }: Props) {
  const layout = layoutSigmoid(mask, width, height);
  if (second) {
    return (
      <g className={idle ? 'idle' : ''}>
        <path className="mask-curve second" d={layout.curve} />
        <line className="mask-cut second" x1={layout.cut} x2={layout.cut} y1={0} y2={height} />
      </g>
    );
  }
  return (
    <g className={idle ? 'idle' : ''}>
      <rect className="cropped" x={layout.cut} width={Math.max(0, width - layout.cut)} height={height} />
      <path className="mask-kept" d={layout.kept} />
      <line className="mask-threshold" x1={0} x2={width} y1={layout.threshold} y2={layout.threshold} />
      <path className="mask-curve" d={layout.curve} />
      <line className="mask-cut" x1={layout.cut} x2={layout.cut} y1={0} y2={height} />
    </g>
  );
}

/** The hatching that marks what is cropped; one a page is enough. */
export function Hatching() {
  return (
    <svg className="hatching" width={0} height={0} aria-hidden="true">
      <defs>
        <pattern id="hatch" width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line className="hatch-line" x1={0} x2={0} y1={0} y2={5} />
        </pattern>
      </defs>
    </svg>
  );
}
