/** Where the compute went: the cost of each block over the steps, under the line of the budget. */
import { memo, type ReactNode } from 'react';
import { nearestIndex, stepAxis } from './axes.ts';
import { costOf, layoutCost, type CostPoint } from './cost.ts';
import { useFocus, useTime, type StepRange } from './focus.ts';
import { formatMacs, formatPercent } from './format.ts';
import { Measured } from './Measured.tsx';
import { MARGIN, Plot } from './Plot.tsx';

interface Props {
  readonly points: readonly CostPoint[];
  /** Changes whenever `points`, which is mutable, does. */
  readonly version: number;
}

const HEIGHT = 236;

export const CostFigure = memo(function CostFigure({ points, version }: Props) {
  const { range } = useTime();
  return (
    <>
      <Readout points={points} />
      <Measured>{(width) => <Chart points={points} version={version} width={width} range={range} />}</Measured>
    </>
  );
});

interface ChartProps extends Props {
  readonly width: number;
  readonly range: StepRange | null;
}

/** Memoised: the crosshair moves without laying out the bands again. */
const Chart = memo(function Chart({ points, width, range }: ChartProps) {
  const axis = stepAxis(points, Math.max(1, width - MARGIN.left - MARGIN.right), range);
  const layout = layoutCost(points, axis, HEIGHT - MARGIN.top - MARGIN.bottom);
  const blocks = points.at(-1)?.blocks.length ?? 0;
  const describe = (step: number) => {
    const point = points[nearestIndex(points, step)];
    return point === undefined ? '' : `step ${point.step}: ${formatMacs(point.macs)} of ${formatMacs(point.target)}`;
  };
  return (
    <Plot
      width={width}
      height={HEIGHT}
      label="Cost over the steps"
      axis={axis}
      steps={points}
      x={layout.x}
      y={layout.y}
      formatY={(value) => String(Number((value / 1e6).toPrecision(6)))}
      describe={describe}
      over={layout.bands.map(({ block, label }) =>
        label === null || points.length < 2 ? null : (
          <text key={block} className="axis" x={axis.width + 6} y={label + 4}>
            {block < 0 ? 'ends' : block + 1}
          </text>
        ),
      )}
    >
      {layout.bands.map(({ block, path }) => (
        <Band key={block} block={block}>
          <path d={path} fillOpacity={opacityOf(block, blocks)} />
        </Band>
      ))}
      <path className="budget-line-paper" d={layout.target} />
      <path className="budget-line" d={layout.target} />
    </Plot>
  );
});

/** Blocks fade from the first to the last; what lies outside them is faintest. */
const opacityOf = (block: number, blocks: number): number =>
  block < 0 ? 0.12 : 0.9 - (0.62 * block) / Math.max(1, blocks);

/** A band lights up with its block. A click on it belongs to the chart. */
function Band({ block, children }: { readonly block: number; readonly children: ReactNode }) {
  const focus = useFocus();
  if (block < 0) return <g className="band">{children}</g>;
  return (
    <g
      className={focus.block === block ? 'band lit' : 'band'}
      onPointerEnter={() => focus.point(block)}
      onPointerLeave={() => focus.point(null)}
    >
      {children}
    </g>
  );
}

/** What the chart says of the step that is pointed at, else of the one that is shown; also the key to the bands. */
function Readout({ points }: { readonly points: readonly CostPoint[] }) {
  const { step, lookedBack, range, zoom } = useTime();
  const point = points[nearestIndex(points, step ?? lookedBack ?? Infinity)] ?? points.at(-1);
  if (point === undefined) return null;
  const { blocks, macs, target } = point;
  return (
    <div className="readout">
      <p>
        <span className="readout-step">
          step <b>{point.step}</b>
        </span>
        <span className="readout-cost">
          <b>{formatMacs(macs)}</b> of {formatMacs(target)}
        </span>
        <button
          type="button"
          className="all-steps"
          title="Show all steps again in the charts over steps."
          disabled={range === null}
          onClick={() => zoom(null)}
        >
          All steps
        </button>
      </p>
      <ul className="shares">
        {[-1, ...blocks.keys()].map((block) => (
          <Share
            key={block}
            block={block}
            text={formatPercent(macs > 0 ? costOf(point, block) / macs : 0, 0)}
            opacity={opacityOf(block, blocks.length)}
          />
        ))}
      </ul>
    </div>
  );
}

interface ShareProps {
  readonly block: number;
  readonly text: string;
  readonly opacity: number;
}

const Share = memo(function Share({ block, text, opacity }: ShareProps) {
  const focus = useFocus();
  const own = block < 0 ? null : block;
  return (
    <li
      className={own !== null && focus.block === own ? 'lit' : ''}
      title={own === null ? 'The lift into the first block and the head after the last.' : `Share of block ${own + 1}.`}
      onPointerEnter={() => focus.point(own)}
      onPointerLeave={() => focus.point(null)}
    >
      <span className="swatch" style={{ opacity }} aria-hidden="true" />
      <span>{own === null ? 'ends' : own + 1}</span>
      <b>{text}</b>
    </li>
  );
});
