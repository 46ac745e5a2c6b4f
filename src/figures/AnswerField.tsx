/** A field that is answered, beside the true one: pictures on one scale, or curves over one axis. */
import { useMemo } from 'react';
import type { FeatureMap } from '../engine/protocol.ts';
import { channelValues, layoutTiles, toBytes } from './answer.ts';
import { fieldParts, formatAt, formatShort, layoutLines, type FieldOutput } from './answerField.ts';
import { Keys, keysHeight, type Key } from './Keys.tsx';
import { FIELD_SCALE, fieldUrl, pictureUrl, SIGNED_SCALE, signedUrl } from './heat.ts';
import { isKnown, verdictOf } from './output.ts';

interface Props {
  readonly input: FeatureMap;
  readonly output: FieldOutput;
  readonly width: number;
}

const CAPTIONS = ['input', 'truth', 'answer', 'answer − truth'] as const;
/** What is left where no truth is known. */
const WITHOUT_TRUTH = [0, 2] as const;
const SCALES = { top: 18, height: 12, room: 52, most: 240, gap: 28, beside: 440 } as const;

export function AnswerField({ input, output, width }: Props) {
  const { urls, range, mostError } = useMemo(() => {
    const parts = fieldParts(output);
    const { grid } = input;
    return {
      ...parts,
      urls: [
        pictureUrl(input),
        fieldUrl(toBytes(parts.truth, parts.range), grid),
        fieldUrl(toBytes(parts.answer, parts.range), grid),
        signedUrl(parts.error, grid, parts.mostError),
      ],
    };
  }, [input, output]);
  const known = isKnown(output);
  const shown = known ? [0, 1, 2, 3] : WITHOUT_TRUTH;
  const { boxes, height } = layoutTiles(shown.length, input.grid, width);
  const beside = width >= SCALES.beside;
  const length = Math.min(SCALES.most, beside ? (width - SCALES.gap) / 2 : width);
  const place = (i: number) => ({ x: beside ? i * (length + SCALES.gap) : 0, y: beside ? 0 : i * SCALES.room });
  return (
    <svg
      className="figure answer-picture"
      width={width}
      height={height + SCALES.top + (beside || !known ? 1 : 2) * SCALES.room - 12}
      role="img"
      aria-label={`The true field, the answer and their difference: ${verdictOf(output, []).says}.`}
    >
      {shown.map((tile, i) => {
        const box = boxes[i]!;
        return (
          <g key={tile}>
            <text className="number" x={box.x} y={box.y - 6}>
              {CAPTIONS[tile]}
            </text>
            <image href={urls[tile]} preserveAspectRatio="none" {...box} />
            <rect className="tile-edge" {...box} />
          </g>
        );
      })}
      <g transform={`translate(0 ${height + SCALES.top})`}>
        <Scale
          {...place(0)}
          name={known ? 'truth and answer' : 'answer'}
          href={FIELD_SCALE}
          length={length}
          range={range}
        />
        {known && (
          <Scale
            {...place(1)}
            name="answer − truth"
            href={SIGNED_SCALE}
            length={length}
            range={[-mostError, mostError]}
            signed
          />
        )}
      </g>
    </svg>
  );
}

interface ScaleProps {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly href: string;
  readonly length: number;
  readonly range: readonly [number, number];
  readonly signed?: boolean;
}

/** A bar of the colours with numbers at its ends and in the middle. */
function Scale({ x, y, name, href, length, range, signed = false }: ScaleProps) {
  const frame = { y: 8, width: length, height: SCALES.height };
  const middle = (range[0] + range[1]) / 2;
  return (
    <g transform={`translate(${x} ${y})`}>
      <text y={2}>{name}</text>
      <image className="smooth" href={href} preserveAspectRatio="none" {...frame} />
      <rect className="tile-edge" {...frame} />
      {[
        [range[0], 0, 'start'],
        [middle, length / 2, 'middle'],
        [range[1], length, 'end'],
      ].map(([value, at, anchor]) => (
        <text
          key={anchor}
          className="number"
          x={at}
          y={8 + SCALES.height + 14}
          textAnchor={anchor as 'start' | 'middle' | 'end'}
        >
          {signed && Number(value) > 0 ? '+' : ''}
          {formatShort(Number(value))}
        </text>
      ))}
    </g>
  );
}

const LINE_KEYS: readonly Key[] = [
  { name: 'truth', className: 'line-truth', isLine: true },
  { name: 'answer', className: 'line-answer', isLine: true },
  { name: 'input, at its own scale', className: 'line-input', isLine: true },
];

export function AnswerLines({ input, output, width }: Props) {
  const layout = useMemo(
    () => layoutLines(fieldParts(output), channelValues(input.values, input.channels, 0), width),
    [input, output, width],
  );
  const { plot } = layout;
  const keys = isKnown(output) ? LINE_KEYS : LINE_KEYS.slice(1);
  const top = keysHeight(keys, width);
  return (
    <svg
      className="figure answer-picture"
      width={width}
      height={top + layout.height}
      role="img"
      aria-label={`The true field and the answer over one axis: ${verdictOf(output, []).says}.`}
    >
      <Keys keys={keys} width={width} />
      <g transform={`translate(0 ${top})`}>
        {layout.y.map(({ value, at }) => (
          <g key={value}>
            <line className="rule" x1={plot.x} x2={plot.x + plot.width} y1={at} y2={at} />
            <text x={plot.x - 8} y={at + 4} textAnchor="end">
              {formatAt(value, layout.range)}
            </text>
          </g>
        ))}
        {layout.x.map(({ value, at }) => (
          <text key={value} x={at} y={plot.y + plot.height + 17} textAnchor="middle">
            {value === 1 ? 'x = 1' : value}
          </text>
        ))}
        <line
          className="base"
          x1={plot.x}
          x2={plot.x + plot.width}
          y1={plot.y + plot.height}
          y2={plot.y + plot.height}
        />
        <path className="line-input" d={layout.input} />
        <path className="line-answer" d={layout.answer} />
        <path className="line-truth" d={layout.truth} />
      </g>
    </svg>
  );
}
