/** What each block's mask lets through of the frequencies that its input holds, and the grids that follow, as stairs. */
import { memo, useMemo } from 'react';
import type { Architecture } from '../architecture/architecture.ts';
import type { BlockMasks, Probe } from '../engine/protocol.ts';
import { BlockGroup } from './BlockGroup.tsx';
import { formatSizes } from './format.ts';
import { MaskCurve } from './MaskCurve.tsx';
import { layoutSpectrum } from './masks.ts';
import { Measured } from './Measured.tsx';
import { layoutStairs } from './stairs.ts';

interface Props {
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
  readonly spectra: Probe['spectra'];
}

const NAME = 24;
const ROW = 54;
const CURVE = 40;
const HEAD = 22;
const FOOT = 18;
const GAP = 18;
const PAD = 6;

export const DownsamplingFigure = memo(function DownsamplingFigure({ architecture, masks, spectra }: Props) {
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
              if (first === undefined || step === undefined) return null;
              return (
                <Row
                  key={i}
                  block={i}
                  kept={block.kept}
                  width={width}
                  curve={curve}
                  stair={step.length}
                  text={block.kept ? `${formatSizes(block.grid)}  ${step.text}` : 'not run'}
                  spectrum={spectra.find((spectrum) => spectrum.block === i)?.axes ?? NONE}
                  cut={first.cut}
                  temperature={first.temperature}
                  idle={step.resampled[0] === false}
                  secondCut={second?.cut ?? null}
                  secondTemperature={second?.temperature ?? 0}
                  secondIdle={step.resampled[1] === false}
                />
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

const NONE: readonly Float32Array[] = [];

interface RowProps {
  readonly block: number;
  readonly kept: boolean;
  readonly width: number;
  /** Width of the curve. */
  readonly curve: number;
  /** Length of the stair. */
  readonly stair: number;
  readonly text: string;
  readonly spectrum: readonly Float32Array[];
  readonly cut: number;
  readonly temperature: number;
  readonly idle: boolean;
  /** The axis across an image; null for sequences. */
  readonly secondCut: number | null;
  readonly secondTemperature: number;
  readonly secondIdle: boolean;
}

const Row = memo(function Row(props: RowProps) {
  const { block, kept, width, curve, stair, text, secondCut } = props;
  const stairs = NAME + curve + GAP;
  return (
    <BlockGroup
      block={block}
      kept={kept}
      transform={`translate(0 ${HEAD + block * ROW})`}
      area={{ x: -PAD, y: -PAD, width: width + 2 * PAD, height: ROW - 2 }}
    >
      <text className="name" y={CURVE / 2 + 5}>
        {block + 1}
      </text>
      <g transform={`translate(${NAME} 0)`}>
        <Spectrum axes={props.spectrum} width={curve} />
        <MaskCurve cut={props.cut} temperature={props.temperature} width={curve} height={CURVE} idle={props.idle} />
        {secondCut !== null && (
          <MaskCurve
            cut={secondCut}
            temperature={props.secondTemperature}
            width={curve}
            height={CURVE}
            second
            idle={props.secondIdle}
          />
        )}
      </g>
      <g transform={`translate(${stairs} 0)`}>
        <rect className="ghost" width={Math.max(0, width - stairs - 1)} height={CURVE} />
        {kept && <rect className="stair" width={Math.round(stair * 10) / 10} height={CURVE} />}
        <text className="number halo" x={8} y={CURVE / 2 + 5}>
          {text}
        </text>
      </g>
    </BlockGroup>
  );
});

/** What the data hold, as a grained area down the image or along the sequence, and a dashed line across. */
const Spectrum = memo(function Spectrum({ axes, width }: { readonly axes: readonly Float32Array[]; width: number }) {
  const [down, across] = useMemo(() => axes.map((axis) => layoutSpectrum(axis, width, CURVE)), [axes, width]);
  if (down === undefined) return null;
  return (
    <>
      <path className="spectrum" d={down.area} />
      {across !== undefined && <path className="spectrum-across" d={across.line} />}
    </>
  );
});
