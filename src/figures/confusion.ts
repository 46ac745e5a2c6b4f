/** Which classes were taken for which: geometry and words of a confusion matrix. */
import { format } from 'd3';
import { rectangle } from './output.ts';

/** Rows are the truth, columns the answer. */
export interface Confusion {
  readonly names: readonly string[];
  /** `[truth · classes + answer]`. */
  readonly counts: readonly number[];
}

export interface ConfusionLayout {
  /** Side of a cell. */
  readonly pitch: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** A path a shade, from the faintest on, of what is right and of what is wrong. */
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  /** Counts that fit into their cells. */
  readonly numbers: readonly { readonly x: number; readonly y: number; readonly text: string }[];
  /** Names of every so many classes, so that they do not run into each other. */
  readonly everyName: number;
}

export const SHADES = 8;
/** Above so many classes there are no numbers. */
const MOST_NUMBERED = 20;
const MIN_NUMBERED = 20;
const MAX_PITCH = 58;
const LETTER = 6.8;
const MOST_LETTERS = 15;
const NAME_PITCH = 13;
/** Room beside a name, for the axes' names and a gap. */
export const NAME_GAP = 28;

export function layoutConfusion({ names, counts }: Confusion, width: number): ConfusionLayout {
  const classes = names.length;
  const longest = Math.min(MOST_LETTERS, Math.max(1, ...names.map(({ length }) => length)));
  const left = Math.min(width / 3, Math.ceil(LETTER * longest) + NAME_GAP);
  // Names of columns stand on end where they would not fit.
  const pitch = Math.min(MAX_PITCH, (width - left - 1) / classes);
  const top = isUpright(longest, pitch) ? 40 : Math.ceil(LETTER * longest) + NAME_GAP;
  const right = Array.from({ length: SHADES }, () => '');
  const wrong = Array.from({ length: SHADES }, () => '');
  const numbers: { x: number; y: number; text: string }[] = [];
  const gap = pitch > 10 ? 1 : 0;
  for (let truth = 0; truth < classes; truth++) {
    const total = totalOf({ names, counts }, truth);
    for (let answer = 0; answer < classes; answer++) {
      const count = counts[truth * classes + answer] ?? 0;
      if (count === 0) continue;
      const shade = Math.min(SHADES - 1, Math.floor(SHADES * Math.sqrt(count / total)));
      const [x, y] = [left + answer * pitch, top + truth * pitch];
      (truth === answer ? right : wrong)[shade]! += rectangle(x, y, pitch - gap, pitch - gap);
      if (classes <= MOST_NUMBERED && pitch >= MIN_NUMBERED) {
        numbers.push({ x: x + pitch / 2, y: y + pitch / 2 + 4, text: shortCount(count) });
      }
    }
  }
  const size = { width: left + classes * pitch, height: top + classes * pitch + 1 };
  const everyName = Math.max(1, Math.ceil(NAME_PITCH / pitch));
  return { pitch, left, top, ...size, right, wrong, numbers, everyName };
}

/** Whether a column's name fits above it as it is. */
export const isUpright = (letters: number, pitch: number): boolean => LETTER * letters <= pitch - 4;

/** `34`, `1.2k`, `12k`: three letters where it can be. */
export const shortCount = (count: number): string => (count < 1000 ? String(count) : format('.2~s')(count));

const grouped = new Intl.NumberFormat('en-GB');

function totalOf({ names, counts }: Confusion, truth: number): number {
  return counts.slice(truth * names.length, (truth + 1) * names.length).reduce((a, b) => a + b, 0);
}

/** `Shirt taken for T-shirt: 34 of 100`. */
export function describeCell(confusion: Confusion, truth: number, answer: number): string {
  const { names, counts } = confusion;
  const count = grouped.format(counts[truth * names.length + answer] ?? 0);
  const of = grouped.format(totalOf(confusion, truth));
  const name = (index: number) => names[index] ?? `class ${index}`;
  if (truth === answer) return `${name(truth)}: ${count} of ${of} right`;
  return `${name(truth)} taken for ${name(answer)}: ${count} of ${of}`;
}

/** The most frequent confusions, as shares of their truth's total. */
export function worstConfusions(confusion: Confusion, count: number): string[] {
  const { names, counts } = confusion;
  const classes = names.length;
  const totals = names.map((_, truth) => totalOf(confusion, truth));
  return counts
    .map((value, i) => ({ i, truth: Math.floor(i / classes), answer: i % classes, value }))
    .filter(({ truth, answer, value }) => truth !== answer && value > 0)
    .map((cell) => ({ ...cell, share: cell.value / totals[cell.truth]! }))
    .sort((a, b) => b.share - a.share || a.i - b.i)
    .slice(0, count)
    .map(({ truth, answer }) => describeCell(confusion, truth, answer));
}

/** The cell under a point of the drawing; null for none. */
export function cellAt({ left, top, pitch }: ConfusionLayout, classes: number, x: number, y: number) {
  const [answer, truth] = [Math.floor((x - left) / pitch), Math.floor((y - top) / pitch)];
  return answer >= 0 && answer < classes && truth >= 0 && truth < classes ? { truth, answer } : null;
}

/** Where a key leads from a cell; null where it means nothing here. */
export function stepCell(cell: { readonly truth: number; readonly answer: number }, key: string, classes: number) {
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const step = steps[key];
  if (step === undefined) return null;
  const within = (index: number) => Math.min(classes - 1, Math.max(0, index));
  return { truth: within(cell.truth + step[0]), answer: within(cell.answer + step[1]) };
}
