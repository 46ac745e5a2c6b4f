/** How well it does: a value over the steps in training, noisy and smoothed, and on held-out data. */
import { memo } from 'react';
import { nearestIndex, newestIndex, stepAxis } from './axes.ts';
import { layoutCurves, smooth, type CurvePoint } from './curves.ts';
import { useTime, type StepRange } from './focus.ts';
import { Measured } from './Measured.tsx';
import { MARGIN, Plot } from './Plot.tsx';

interface Props {
  /** What the value is. */
  readonly name: string;
  readonly train: readonly CurvePoint[];
  readonly held: readonly CurvePoint[];
  readonly range?: readonly [number, number];
  readonly format: (value: number) => string;
  /** Numbers at the axis. */
  readonly formatAxis: (value: number) => string;
  readonly testId?: string;
}

const HEIGHT = 124;

export const CurvesFigure = memo(function CurvesFigure(props: Props) {
  const { range } = useTime();
  return (
    <>
      <Reading {...props} />
      <Measured>{(width) => <Chart {...props} width={width} steps={range} />}</Measured>
    </>
  );
});

interface ChartProps extends Props {
  readonly width: number;
  /** The steps to show; null for all. */
  readonly steps: StepRange | null;
}

/** Memoised: the crosshair moves without laying out the curves again. */
const Chart = memo(function Chart({ name, train, held, range, format, formatAxis, width, steps }: ChartProps) {
  const axis = stepAxis(train, Math.max(1, width - MARGIN.left - MARGIN.right), steps);
  const layout = layoutCurves([train, smooth(train), held], axis, HEIGHT - MARGIN.top - MARGIN.bottom, range);
  const [raw = '', course = '', heldPath = ''] = layout.paths;
  const end = layout.ends[2];
  return (
    <Plot
      width={width}
      height={HEIGHT}
      label={`${name} over the steps`}
      axis={axis}
      steps={train}
      x={layout.x}
      y={layout.y}
      formatY={formatAxis}
      describe={(step) => {
        const values = valuesAt(train, held, step);
        return `step ${step}: training ${format(values.train)}, held out ${format(values.held)}`;
      }}
      over={end !== null && end !== undefined && <circle className="held-end" cx={end.x} cy={end.y} r={3.5} />}
    >
      <path className="curve raw" d={raw} />
      <path className="curve train" d={course} />
      <path className="curve held" d={heldPath} />
    </Plot>
  );
});

/** The values at the step that is pointed at, else at the one that is shown. */
function Reading({ name, train, held, format, testId }: Props) {
  const { step, lookedBack } = useTime();
  const values = valuesAt(train, held, step ?? lookedBack ?? Infinity);
  return (
    <p className="reading">
      {name}{' '}
      <b className="digits" data-testid={testId} data-value={Number.isFinite(values.train) ? values.train : undefined}>
        {format(values.train)}
      </b>{' '}
      held out <b className="digits">{format(values.held)}</b>
    </p>
  );
}

/** Training at the nearest step; held-out data as they were last measured up to there. */
function valuesAt(train: readonly CurvePoint[], held: readonly CurvePoint[], step: number) {
  return {
    train: train[nearestIndex(train, step)]?.value ?? NaN,
    held: held[newestIndex(held, step)]?.value ?? NaN,
  };
}
