/** The channels that each block keeps: inside the block and on the stream after it. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks } from '../engine/protocol.ts';
import { BlockGroup } from './BlockGroup.tsx';
import { MaskCurve } from './MaskCurve.tsx';
import { Measured } from './Measured.tsx';

interface Props {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
}

const NAME = 24;
const NUMBER = 56;
const ROW = 40;
const CURVE = 28;
const HEAD = 22;
const PAD = 6;

export const WidthsFigure = memo(function WidthsFigure({ architecture: { blocks, full }, masks }: Props) {
  return (
    <Measured>
      {(width) => (
        <svg
          className="figure widths"
          width={width}
          height={HEAD + ROW * blocks.length}
          role="img"
          aria-label={blocks
            .map(({ width: { inner, outer } }, i) => {
              return `Block ${i + 1}: ${Math.round(inner)} inside, ${Math.round(outer)} after.`;
            })
            .join(' ')}
        >
          <text className="fact" x={NAME} y={11}>
            inside the block
          </text>
          <text className="fact" x={NAME + (width - NAME) / 2} y={11}>
            on the stream after it
          </text>
          {blocks.map((block, i) => {
            const mask = masks[i];
            if (mask === undefined) return null;
            return (
              <Row
                key={i}
                block={i}
                kept={block.kept}
                width={width}
                inner={Math.round(block.width.inner)}
                outer={Math.round(block.width.outer)}
                fullInner={full.width.inner}
                fullOuter={full.width.outer}
                innerCut={mask.inner.cut}
                outerCut={mask.outer.cut}
                innerTemperature={mask.inner.temperature}
                outerTemperature={mask.outer.temperature}
              />
            );
          })}
        </svg>
      )}
    </Measured>
  );
});

interface RowProps {
  readonly block: number;
  readonly kept: boolean;
  readonly width: number;
  readonly inner: number;
  readonly outer: number;
  readonly fullInner: number;
  readonly fullOuter: number;
  readonly innerCut: number;
  readonly outerCut: number;
  readonly innerTemperature: number;
  readonly outerTemperature: number;
}

const Row = memo(function Row(props: RowProps) {
  const { block, kept, width } = props;
  const column = (width - NAME) / 2;
  const curve = Math.max(20, column - NUMBER - 6);
  const base = CURVE / 2 + 5;
  return (
    <BlockGroup
      block={block}
      kept={kept}
      transform={`translate(0 ${HEAD + block * ROW})`}
      area={{ x: -PAD, y: -PAD, width: width + 2 * PAD, height: ROW }}
    >
      <text className="name" y={base}>
        {block + 1}
      </text>
      <g transform={`translate(${NAME} 0)`}>
        <MaskCurve cut={props.innerCut} temperature={props.innerTemperature} width={curve} height={CURVE} />
        <text className="number" x={curve + 6} y={base}>
          {props.inner}/{props.fullInner}
        </text>
      </g>
      <g transform={`translate(${NAME + column} 0)`}>
        <MaskCurve cut={props.outerCut} temperature={props.outerTemperature} width={curve} height={CURVE} />
        <text className="number" x={curve + 6} y={base}>
          {props.outer}/{props.fullOuter}
        </text>
      </g>
    </BlockGroup>
  );
});
