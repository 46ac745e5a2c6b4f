/** What the network answers beside the truth. */
import { useMemo } from 'react';
import type { ProbeOutput } from '../engine/protocol.ts';
import { toBytes } from './answer.ts';
import { fieldParts, layoutSmallLines, type FieldOutput } from './answerField.ts';
import { classColour } from './Keys.tsx';
import { formatPercent } from './format.ts';
import { fieldUrl } from './heat.ts';
import { LINE, TEXT_LINES, type Box, type NetworkCell } from './network.ts';
import { fitText } from './networkFacts.ts';
import { layoutDense, layoutMask, layoutStrip, topClasses, type ClassesOutput, type DenseOutput } from './output.ts';

interface Props {
  readonly room: Box;
  readonly cell: NetworkCell;
  readonly output: ProbeOutput | null;
  readonly grid: readonly number[];
  readonly classes: readonly string[];
}

/** Least height of a class's line and bar. */
const BAR_PITCH = 28;
const MOST_BARS = 4;

export function OutputView({ room, cell, output, grid, classes }: Props) {
  switch (output?.kind) {
    case undefined:
      return <rect className="ghost" x={room.x} y={room.y} width={room.width} height={room.height} />;
    case 'classes':
      return <Bars room={room} output={output} classes={classes} />;
    case 'dense':
      return (
        <>
          <Masks room={room} output={output} grid={grid} count={classes.length} />
          <Legend cell={cell} classes={classes} />
        </>
      );
    case 'field':
      return grid.length === 1 ? (
        <Lines room={room} output={output} />
      ) : (
        <Fields room={room} output={output} grid={grid} />
      );
  }
}

/** The most probable classes; the truth bears a sign, and the words below say which it is. */
function Bars({ room, output, classes }: Pick<Props, 'room' | 'classes'> & { readonly output: ClassesOutput }) {
  const count = Math.min(MOST_BARS, Math.floor(room.height / BAR_PITCH));
  const pitch = Math.min(room.height / count, 1.3 * BAR_PITCH);
  const top = room.y + (room.height - count * pitch) / 2;
  return topClasses(output, count).map(({ index, probability, isTruth }, i) => {
    const y = top + i * pitch;
    const name = fitText(classes[index] ?? `class ${index}`, room.width - (isTruth ? 52 : 38));
    return (
      <g key={index} className={isTruth ? 'answer truth' : 'answer'}>
        <text className={i === 0 ? 'number first' : 'number'} x={room.x} y={y + 12}>
          {isTruth ? `◆ ${name}` : name}
        </text>
        <text x={room.x + room.width} y={y + 12} textAnchor="end">
          {formatPercent(probability, 0)}
        </text>
        <rect className="track" x={room.x} y={y + 16} width={room.width} height={6} rx={3} />
        <rect className="part" x={room.x} y={y + 16} width={room.width * probability} height={6} rx={3} />
      </g>
    );
  });
}

interface MasksProps extends Pick<Props, 'room' | 'grid'> {
  readonly output: DenseOutput;
  readonly count: number;
}

function Masks({ room, output, grid, count }: MasksProps) {
  const { x, y, width, height } = room;
  const { truth, answer, paths } = useMemo(() => {
    const boxes = layoutDense(grid, { x, y, width, height });
    const flat = grid.length === 1;
    return {
      ...boxes,
      paths: [
        flat
          ? layoutStrip(output.truth, boxes.truth, count, 'right')
          : layoutMask(output.truth, grid, boxes.truth, count),
        flat
          ? layoutStrip(output.classes, boxes.answer, count, 'left')
          : layoutMask(output.classes, grid, boxes.answer, count),
      ].flat(),
    };
  }, [output, grid, count, x, y, width, height]);
  return (
    <g className="picture">
      <rect className="mask-room" {...truth} />
      <rect className="mask-room" {...answer} />
      {paths.map((path, i) => (
        <path key={i} className={classColour(i % count)} d={path} />
      ))}
      <Caption box={truth} text="truth" />
      <Caption box={answer} text="answer" />
    </g>
  );
}

/** Truth and answer on the truth's scale. */
function Fields({ room, output, grid }: Pick<Props, 'room' | 'grid'> & { readonly output: FieldOutput }) {
  const urls = useMemo(() => {
    const { truth, answer, range } = fieldParts(output);
    return [truth, answer].map((values) => fieldUrl(toBytes(values, range), grid));
  }, [output, grid]);
  const { truth, answer } = layoutDense(grid, room);
  return (
    <g className="picture">
      <image href={urls[0]} preserveAspectRatio="none" {...truth} />
      <image href={urls[1]} preserveAspectRatio="none" {...answer} />
      <Caption box={truth} text="truth" />
      <Caption box={answer} text="answer" />
    </g>
  );
}

/** Half of a broad line. */
const INSET = 3;

/** Both curves, down the page like all sequences here. */
function Lines({ room, output }: Pick<Props, 'room'> & { readonly output: FieldOutput }) {
  const { x, y, width, height } = room;
  const { truth, answer } = useMemo(
    () => layoutSmallLines(fieldParts(output), { x: x + INSET, y, width: width - 2 * INSET, height }),
    [output, x, y, width, height],
  );
  return (
    <g className="picture">
      <rect className="trace-room" {...room} />
      <path className="line-answer" d={answer} />
      <path className="line-truth" d={truth} />
      <Caption box={room} text="— truth ▬ answer" />
    </g>
  );
}

const Caption = ({ box, text }: { readonly box: Box; readonly text: string }) => (
  <text x={box.x + box.width / 2} y={box.y - 5} textAnchor="middle">
    {text}
  </text>
);

const SWATCH = 10;
const COLUMN = 84;

/** Which colour is which class, below the fact; in two columns where there is room. */
function Legend({ cell: { label, frame }, classes }: Pick<Props, 'cell' | 'classes'>) {
  const room = frame.x + frame.width - label.x;
  const lines = TEXT_LINES - 1;
  const columns = Math.max(1, Math.min(Math.ceil(classes.length / lines), Math.floor(room / COLUMN)));
  const fitting = lines * columns;
  const shown = classes.length <= fitting ? classes.length : fitting - 1;
  const placeOf = (i: number) => ({
    x: label.x + Math.floor(i / lines) * COLUMN,
    y: label.y + (2 + (i % lines)) * LINE,
  });
  const rest = placeOf(shown);
  const breadth = room / columns - SWATCH - 8;
  return (
    <>
      {classes.slice(0, shown).map((name, i) => {
        const { x, y } = placeOf(i);
        return (
          <g key={i}>
            <rect className={classColour(i)} x={x} y={y - SWATCH + 1} width={SWATCH} height={SWATCH} rx={2} />
            <text x={x + SWATCH + 5} y={y}>
              {fitText(name, breadth)}
            </text>
          </g>
        );
      })}
      {shown < classes.length && (
        <text x={rest.x} y={rest.y}>
          +{classes.length - shown} more
        </text>
      )}
    </>
  );
}
