/** One class a sample: the picture, the signal or the tokens, and how probable each class is thought to be. */
import { memo, useMemo } from 'react';
import type { FeatureMap } from '../engine/protocol.ts';
import { layoutTokens, textOf, wordsOf } from './answerTokens.ts';
import { sequenceMarks } from './axes.ts';
import { BAR_PITCH, layoutBars } from './bars.ts';
import { formatPercent } from './format.ts';
import { heatUrl, pictureUrl } from './heat.ts';
import { sides, type Box } from './network.ts';
import { fitText } from './networkFacts.ts';
import { nameOf, verdictOf, type ClassesOutput } from './output.ts';
import { layoutWaves, MOST_LANES } from './wave.ts';

interface Props {
  readonly input: FeatureMap;
  readonly output: ClassesOutput;
  readonly classes: readonly string[];
  /** How long a sequence lasts, where that is known. */
  readonly seconds: number | null;
  readonly width: number;
}

/** From so wide a panel on, the bars stand beside a picture. */
const BESIDE = 420;
const GAP = 20;
const MOST_PICTURE = 300;
const SIGNAL = 120;
/** Height of a row of a heat map. */
const ROW = 7;
const AXIS = 18;
/** A mark so near to an end of the axis would reach beyond it. */
const END = 13;

export function AnswerClasses({ input, output, classes, seconds, width }: Props) {
  const flat = input.grid.length === 1;
  const beside = !flat && width >= BESIDE;
  const frame = useMemo(() => frameOf(input, beside ? 0.46 * width : width), [input, beside, width]);
  const left = beside ? frame.width + GAP : 0;
  const bars = layoutBars(output, classes, width - left);
  const axes = flat ? (input.channels > MOST_LANES ? 2 : 1) : 0;
  const top = beside ? Math.max(0, (frame.height - bars.height) / 2) : frame.height + axes * AXIS + 12;
  return (
    <svg
      className="figure answer-picture"
      width={width}
      height={Math.max(frame.height, top + bars.height)}
      role="img"
      aria-label={sentenceOf(output, classes)}
    >
      <Sample input={input} frame={frame} seconds={seconds} />
      <g transform={`translate(${left} ${top})`}>
        <Bars output={output} classes={classes} width={width - left} />
      </g>
    </svg>
  );
}

function frameOf({ grid, channels }: FeatureMap, room: number): Box {
  if (grid.length === 1) {
    const height = channels > MOST_LANES ? Math.min(220, ROW * channels) : SIGNAL;
    return { x: 0, y: 0, width: room, height };
  }
  const [tall, wide] = sides(grid);
  const unit = Math.min(room / wide, MOST_PICTURE / Math.max(tall, wide));
  return { x: 0, y: 0, width: wide * unit, height: tall * unit };
}

interface SampleProps extends Pick<Props, 'input' | 'seconds'> {
  readonly frame: Box;
}

const Sample = memo(function Sample({ input, frame, seconds }: SampleProps) {
  const flat = input.grid.length === 1;
  const waves = flat && input.channels <= MOST_LANES;
  const lanes = useMemo(() => (waves ? layoutWaves(input, frame) : []), [waves, input, frame]);
  const url = useMemo(() => (waves ? '' : flat ? timeUrl(input) : pictureUrl(input)), [waves, flat, input]);
  return (
    <>
      {url !== '' && <image href={url} preserveAspectRatio="none" {...frame} />}
      <rect className="tile-edge" {...frame} />
      {lanes.map((path, i) => (
        <path key={i} className="wave" d={path} />
      ))}
      {flat && (
        <>
          <TimeAxis length={input.grid[0] ?? 1} frame={frame} seconds={seconds} />
          {!waves && (
            <text x={frame.width} y={frame.height + 14 + AXIS} textAnchor="end">
              {input.channels} channels, the first at the bottom
            </text>
          )}
        </>
      )}
    </>
  );
});

interface TimeProps extends Pick<SampleProps, 'frame' | 'seconds'> {
  readonly length: number;
}

/** Seconds beneath a sequence, where they are known; the marks at its ends stay within it. */
function TimeAxis({ length, frame, seconds }: TimeProps) {
  const y = frame.height + 14;
  if (seconds === null) return <text y={y}>time →</text>;
  return sequenceMarks(length, [0, frame.width], seconds).map(({ at, text }) => (
    <text key={text} x={at} y={y} textAnchor={at < END ? 'start' : at > frame.width - END ? 'end' : 'middle'}>
      {text}
    </text>
  ));
}

/** A map of all channels over time: time to the right, the first channel at the bottom. */
function timeUrl({ grid, channels, values }: FeatureMap): string {
  const [length = 1] = grid;
  const colours = Uint8Array.from({ length: channels * length }, (_, i) => {
    const channel = channels - 1 - Math.floor(i / length);
    return 127 + (values[(i % length) * channels + channel] ?? 0);
  });
  return heatUrl(colours, channels, length);
}

interface BarsProps {
  readonly output: ClassesOutput;
  readonly classes: readonly string[];
  readonly width: number;
}

function Bars({ output, classes, width }: BarsProps) {
  const { bars, left, length } = layoutBars(output, classes, width);
  return bars.map(({ index, probability, isTruth, y }) => (
    <g key={index} className={isTruth ? 'answer truth' : 'answer'} transform={`translate(0 ${y})`}>
      <text className={isTruth ? 'number truth-name' : 'number'} x={left - 8} y={16} textAnchor="end">
        {isTruth ? '◆ ' : ''}
        {fitText(nameOf(classes, index), left - (isTruth ? 22 : 8))}
      </text>
      <rect className="track" x={left} y={5} width={length} height={BAR_PITCH - 10} rx={3} />
      <rect className="part" x={left} y={5} width={length * probability} height={BAR_PITCH - 10} rx={3} />
      <text x={left + length + 6} y={16}>
        {formatPercent(probability, 0)}
      </text>
    </g>
  ));
}

interface TokensProps extends BarsProps {
  readonly tokens: Uint8Array;
  readonly names: readonly string[];
}

export function AnswerTokens({ tokens, names, output, classes, width }: TokensProps) {
  return (
    <>
      <Text tokens={tokens} names={names} width={width} />
      <svg
        className="figure answer-picture"
        width={width}
        height={layoutBars(output, classes, width).height}
        role="img"
        aria-label={sentenceOf(output, classes)}
      >
        <Bars output={output} classes={classes} width={width} />
      </svg>
    </>
  );
}

const sentenceOf = (output: ClassesOutput, classes: readonly string[]): string => {
  const { says, choice } = verdictOf(output, classes);
  return `It ${says}; the truth is ${choice?.truth ?? 'not known'}.`;
};

/** Advance of a letter of the fixed-width font, and of a line. */
const LETTER = 7.6;
const LINE = 20;
/** Most letters of a text that are read out. */
const READ_OUT = 600;
/** So many do not fit into their window. */
const MANY = 400;

interface TextProps {
  readonly tokens: Uint8Array;
  readonly names: readonly string[];
  readonly width: number;
}

/** Memoised by content: it is the same from probe to probe as long as the sample is. It scrolls where it is long. */
const Text = memo(
  function Text({ tokens, names, width }: TextProps) {
    const words = wordsOf(tokens, names);
    // Room for a scroll bar beside it.
    const columns = Math.max(10, Math.floor((width - 24) / LETTER));
    const { lines, nests } = layoutTokens(words, columns);
    const text = textOf(words);
    const read = text.length > READ_OUT ? `${text.slice(0, READ_OUT)} …` : text;
    return (
      <>
        {words.length > MANY && <p className="reading">{words.length} tokens; scroll to see all.</p>}
        <div className="tokens" role="region" aria-label="The sample’s text" tabIndex={0}>
          <p className="unseen">{read}</p>
          <svg
            className="figure answer-picture"
            width={width - 18}
            height={lines.length * LINE + 4}
            role="img"
            aria-label={`What it reads: ${words.length} tokens.`}
          >
            {nests.map(({ depth, line, from, lastLine, to }, i) => (
              <rect
                key={i}
                className={depth % 2 === 0 ? 'nest' : 'nest odd'}
                x={from * LETTER}
                y={line * LINE + 3}
                width={(to - from) * LETTER + 2}
                height={(lastLine - line + 1) * LINE - 4}
                rx={3}
              />
            ))}
            {lines.map(({ operators, rest }, i) => (
              <g key={i} transform={`translate(1 ${i * LINE + 15})`}>
                <Letters name="token" text={rest} />
                <Letters name="token operator" text={operators} />
              </g>
            ))}
          </svg>
        </div>
      </>
    );
  },
  (before, after) =>
    before.width === after.width &&
    before.names === after.names &&
    before.tokens.length === after.tokens.length &&
    before.tokens.every((token, i) => token === after.tokens[i]),
);

/** Told how long it is, so that every letter stands in its column whatever the font. */
function Letters({ name, text }: { readonly name: string; readonly text: string }) {
  if (text.trim() === '') return null;
  return (
    <text className={name} xmlSpace="preserve" textLength={(text.length * LETTER).toFixed(1)} lengthAdjust="spacing">
      {text}
    </text>
  );
}
