/** The channels that each block keeps: inside the block and on the stream after it. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks } from '../engine/protocol.ts';
import { MaskCurve } from './MaskCurve.tsx';
import { Measured } from './Measured.tsx';

interface Props {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
}

const NAME = 24;
const NUMBER = 48;
const ROW = 40;
const CURVE = 28;
const HEAD = 20;

export const WidthsFigure = memo(function WidthsFigure({ architecture: { blocks, full }, masks }: Props) {
  return (
    <Measured>
      {(width) => {
        const column = (width - NAME) / 2;
        const curve = Math.max(20, column - NUMBER - 10);
        const second = NAME + column;
        return (
          <svg
            className="figure widths"
            width={width}
            height={HEAD + ROW * blocks.length}
            role="img"
            aria-label={blocks
              .map(({ width: kept }, i) => `Block ${i + 1}: ${kept.inner} inside, ${kept.outer} after.`)
              .join(' ')}
          >
            <text className="fact" x={NAME} y={11}>
              inside the block
            </text>
            <text className="fact" x={second} y={11}>
              on the stream after it
            </text>
            {blocks.map((block, i) => {
              const mask = masks[i];
              if (mask === undefined) return null;
              return (
                <g key={i} transform={`translate(0 ${HEAD + i * ROW})`} className={block.kept ? '' : 'gone'}>
                  <text className="name" y={CURVE / 2 + 5}>
                    {i + 1}
                  </text>
                  <g transform={`translate(${NAME} 0)`}>
                    <MaskCurve mask={mask.inner} width={curve} height={CURVE} />
                    <text className="number" x={curve + 6} y={CURVE / 2 + 5}>
                      {block.width.inner}/{full.width.inner}
                    </text>
                  </g>
                  <g transform={`translate(${second} 0)`}>
                    <MaskCurve mask={mask.outer} width={curve} height={CURVE} />
                    <text className="number" x={curve + 6} y={CURVE / 2 + 5}>
                      {block.width.outer}/{full.width.outer}
                    </text>
                  </g>
                </g>
              );
            })}
          </svg>
        );
      }}
    </Measured>
  );
});
