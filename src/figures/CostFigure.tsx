/** Where the compute went: the cost of each block over the steps, under the line of the budget. */
import { memo } from 'react';
import { layoutCost, type CostPoint } from './cost.ts';
import { formatMacs } from './format.ts';
import { Measured } from './Measured.tsx';
import { MARGIN, Plot } from './Plot.tsx';

interface Props {
  readonly points: readonly CostPoint[];
  /** Changes whenever `points`, which is mutable, does. */
  readonly version: number;
}

const HEIGHT = 236;

export const CostFigure = memo(function CostFigure({ points }: Props) {
  const last = points.at(-1);
  return (
    <Measured>
      {(width) => {
        const plotWidth = width - MARGIN.left - MARGIN.right;
        const layout = layoutCost(points, plotWidth, HEIGHT - MARGIN.top - MARGIN.bottom);
        const label = last === undefined ? '' : `Cost ${formatMacs(last.macs)}, budget ${formatMacs(last.target)}.`;
        const blocks = Math.max(1, last?.blocks.length ?? 1);
        return (
          <Plot {...layout} width={width} height={HEIGHT} label={label} formatY={(value) => String(value / 1e6)}>
            {layout.bands.map(({ block, path, label: at }) => (
              <g key={block} className="band">
                <path d={path} fillOpacity={block < 0 ? 0.12 : 0.9 - (0.62 * block) / blocks} />
                {at !== null && points.length > 1 && (
                  <text className="axis" x={plotWidth + 6} y={at + 4}>
                    {block < 0 ? 'in/out' : block + 1}
                  </text>
                )}
              </g>
            ))}
            <path className="budget-line-paper" d={layout.target} />
            <path className="budget-line" d={layout.target} />
          </Plot>
        );
      }}
    </Measured>
  );
});
