/** The depth mask over the blocks: a bar a gate, the curve it is read from, and the threshold under which none runs. */
import { memo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { SigmoidMask } from '../engine/protocol.ts';
import { BlockGroup } from './BlockGroup.tsx';
import { cutAt, layoutSigmoid } from './masks.ts';
import { Measured } from './Measured.tsx';

interface Props {
  readonly architecture: Architecture;
  readonly cut: SigmoidMask['cut'];
  readonly temperature: SigmoidMask['temperature'];
}

const HEIGHT = 170;
const HEAD = 18;
const FOOT = 20;
const LEFT = 26;
/** Bars closer than this many pixels have no room for their number. */
const MIN_NUMBER = 34;

export const DepthFigure = memo(function DepthFigure({ architecture: { blocks }, cut, temperature }: Props) {
  const kept = blocks.filter((block) => block.kept).length;
  return (
    <Measured>
      {(width) => {
        const plot = width - LEFT;
        const pitch = plot / blocks.length;
        const mask = layoutSigmoid(temperature, plot, HEIGHT);
        return (
          <svg
            className="figure depth"
            width={width}
            height={HEAD + HEIGHT + FOOT}
            role="img"
            aria-label={`${kept} of ${blocks.length} blocks are run. Gates: ${blocks.map(({ gate }) => gate.toFixed(2)).join(', ')}.`}
          >
            <g transform={`translate(${LEFT} ${HEAD})`}>
              {blocks.map(({ gate, kept: run }, i) => (
                <Gate key={i} block={i} kept={run} gate={gate} pitch={pitch} />
              ))}
              <g className="inert">
                <svg y={-1} width={plot} height={HEIGHT + 2} viewBox={`0 -1 ${plot} ${HEIGHT + 2}`}>
                  <path
                    className="mask-curve"
                    transform={`translate(${cutAt(cut, plot).toFixed(1)} 0)`}
                    d={mask.curve}
                  />
                </svg>
                {pitch >= MIN_NUMBER &&
                  blocks.map(({ gate }, i) => (
                    <text
                      key={i}
                      className="number halo"
                      x={(i + 0.5) * pitch}
                      y={((1 - gate) * HEIGHT - 5).toFixed(1)}
                      textAnchor="middle"
                    >
                      {gate.toFixed(2)}
                    </text>
                  ))}
                <line className="mask-threshold" x1={0} x2={plot} y1={mask.threshold} y2={mask.threshold} />
              </g>
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

interface GateProps {
  readonly block: number;
  readonly kept: boolean;
  readonly gate: number;
  readonly pitch: number;
}

const Gate = memo(function Gate({ block, kept, gate, pitch }: GateProps) {
  const bar = Math.min(44, pitch * 0.62);
  const tall = Math.round(gate * HEIGHT * 10) / 10;
  const x = (pitch - bar) / 2;
  return (
    <BlockGroup
      block={block}
      kept={kept}
      transform={`translate(${block * pitch} 0)`}
      area={{ y: -HEAD, width: pitch, height: HEAD + HEIGHT + FOOT }}
    >
      <title>{`Block ${block + 1} ${kept ? 'is run.' : 'is not run: its gate is under 0.1.'}`}</title>
      <rect className="ghost" x={x} width={bar} height={HEIGHT} />
      <rect className="gate" x={x} y={HEIGHT - tall} width={bar} height={tall} />
      <text className="axis" x={pitch / 2} y={HEIGHT + 15} textAnchor="middle">
        {block + 1}
      </text>
    </BlockGroup>
  );
});
