/** What each block's mask lets through of its input's frequencies, and the grids that follow from it, as stairs. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks } from '../engine/protocol.ts';
import { formatSizes } from './format.ts';
import { MaskCurve } from './MaskCurve.tsx';
import { Measured } from './Measured.tsx';
import { layoutStairs } from './stairs.ts';

interface Props {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
}

const NAME = 24;
const ROW = 54;
const CURVE = 40;
const HEAD = 20;
const FOOT = 18;
const GAP = 18;

export const DownsamplingFigure = memo(function DownsamplingFigure({ architecture, masks }: Props) {
  const { blocks, input } = architecture;
  return (
    <Measured>
      {(width) => {
        const curve = Math.floor((width - NAME - GAP) * 0.46);
        const stairs = NAME + curve + GAP;
        const steps = layoutStairs(architecture, width - stairs);
        return (
          <svg
            className="figure downsampling"
            width={width}
            height={HEAD + ROW * blocks.length + FOOT}
            role="img"
            aria-label={blocks
              .map((block, i) => `Block ${i + 1} works on a grid of ${formatSizes(block.grid)}.`)
              .join(' ')}
          >
            <text className="fact" x={NAME} y={11}>
              frequencies kept
            </text>
            <text className="fact" x={stairs} y={11}>
              grid (input {formatSizes(input.grid)})
            </text>
            {blocks.map((block, i) => {
              const [first, second] = masks[i]?.resolution ?? [];
              const step = steps[i];
              return (
                <g key={i} transform={`translate(0 ${HEAD + i * ROW})`} className={block.kept ? '' : 'gone'}>
                  <text className="name" y={CURVE / 2 + 5}>
                    {i + 1}
                  </text>
                  <g transform={`translate(${NAME} 0)`}>
                    {first !== undefined && (
                      <MaskCurve mask={first} width={curve} height={CURVE} idle={step?.resampled[0] === false} />
                    )}
                    {second !== undefined && (
                      <MaskCurve
                        mask={second}
                        width={curve}
                        height={CURVE}
                        second
                        idle={step?.resampled[1] === false}
                      />
                    )}
                  </g>
                  {step !== undefined && (
                    <g transform={`translate(${stairs} 0)`}>
                      <rect className="ghost" width={step.full} height={CURVE} />
                      {block.kept && <rect className="stair" width={step.length} height={CURVE} />}
                      <text className="number halo" x={8} y={CURVE / 2 + 5}>
                        {block.kept ? `${formatSizes(block.grid)}  ${step.text}` : 'not run'}
                      </text>
                    </g>
                  )}
                </g>
              );
            })}
            <g transform={`translate(0 ${HEAD + ROW * blocks.length + 6})`} className="axis">
              <text x={NAME}>0</text>
              <text x={NAME + curve} textAnchor="end">
                finest (Nyquist)
              </text>
            </g>
          </svg>
        );
      }}
    </Measured>
  );
});
