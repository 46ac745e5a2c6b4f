/** How well it does: a value over the steps in training, noisy and smoothed, and on held-out data. */
import { memo } from 'react';
import { layoutCurves, smooth, type CurvePoint } from './curves.ts';
import { Measured } from './Measured.tsx';
import { MARGIN, Plot } from './Plot.tsx';

interface Props {
  readonly label: string;
  readonly train: readonly CurvePoint[];
  readonly held: readonly CurvePoint[];
  readonly range?: readonly [number, number];
  readonly format: (value: number) => string;
}

const HEIGHT = 112;

export const CurvesFigure = memo(function CurvesFigure({ label, train, held, range, format }: Props) {
  return (
    <Measured>
      {(width) => {
        const layout = layoutCurves(
          [train, smooth(train), held],
          width - MARGIN.left - MARGIN.right,
          HEIGHT - MARGIN.top - MARGIN.bottom,
          range,
        );
        const [raw = '', course = '', heldPath = ''] = layout.paths;
        const end = layout.ends[2];
        return (
          <Plot {...layout} width={width} height={HEIGHT} label={label} formatY={format}>
            <path className="curve raw" d={raw} />
            <path className="curve train" d={course} />
            <path className="curve held" d={heldPath} />
            {end !== null && end !== undefined && <circle className="held-end" cx={end.x} cy={end.y} r={3.5} />}
          </Plot>
        );
      }}
    </Measured>
  );
});
