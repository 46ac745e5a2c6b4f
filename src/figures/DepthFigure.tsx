/** The depth mask over the blocks: a bar a gate, the curve it is read from, and the threshold under which none runs. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { SigmoidMask } from '../engine/protocol.ts';
import { layoutSigmoid } from './masks.ts';
import { Measured } from './Measured.tsx';

interface Props {
  readonly architecture: Architecture;
  readonly depth: SigmoidMask;
}

const HEIGHT = 170;
const HEAD = 18;
const FOOT = 20;
const LEFT = 26;
/** Bars closer than this many pixels have no room for their number. */
const MIN_NUMBER = 28;

export const DepthFigure = memo(function DepthFigure({ architecture: { blocks }, depth }: Props) {
  const kept = blocks.filter((block) => block.kept).length;
  return (
    <Measured>
      {(width) => {
        const plot = width - LEFT;
        const pitch = plot / blocks.length;
        const bar = Math.min(44, pitch * 0.62);
        const mask = layoutSigmoid(depth, plot, HEIGHT);
        return (
          <svg
            className="figure depth"
            width={width}
            height={HEAD + HEIGHT + FOOT}
            role="img"
            aria-label={`${kept} of ${blocks.length} blocks are run. Gates: ${blocks.map(({ gate }) => gate.toFixed(2)).join(', ')}.`}
          >
            <g transform={`translate(${LEFT} ${HEAD})`}>
              {blocks.map((block, i) => {
                const tall = block.gate * HEIGHT;
                const x = (i + 0.5) * pitch - bar / 2;
                return (
                  <g key={i} className={block.kept ? '' : 'gone'}>
                    <rect className="ghost" x={x} width={bar} height={HEIGHT} />
                    <rect className="gate" x={x} y={HEIGHT - tall} width={bar} height={tall} />
                    <text className="axis" x={x + bar / 2} y={HEIGHT + 15} textAnchor="middle">
                      {i + 1}
                    </text>
                  </g>
                );
              })}
              <path className="mask-curve" d={mask.curve} />
              {blocks.map(({ gate }, i) => (
                <text
                  key={i}
                  className="number halo"
                  x={(i + 0.5) * pitch}
                  y={(1 - gate) * HEIGHT - 5}
                  textAnchor="middle"
                >
                  {pitch < MIN_NUMBER ? '' : gate.toFixed(2)}
                </text>
              ))}
              <line className="mask-threshold" x1={0} x2={plot} y1={mask.threshold} y2={mask.threshold} />
              <text className="axis" x={-6} y={mask.threshold + 4} textAnchor="end">
                .1
              </text>
              <text className="axis" x={-6} y={4} textAnchor="end">
                1
              </text>
              <line className="base" x1={0} x2={plot} y1={HEIGHT} y2={HEIGHT} />
            </g>
          </svg>
        );
      }}
    </Measured>
  );
});
