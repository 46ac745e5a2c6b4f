/** Probabilities of classes as bars, each with its name in front and its share behind. */
import { topClasses, type ClassesOutput, type RankedClass } from './output.ts';

export interface Bar extends RankedClass {
  readonly y: number;
}

export interface BarsLayout {
  readonly bars: readonly Bar[];
  /** Where the bars begin, and their length for certainty. */
  readonly left: number;
  readonly length: number;
  readonly height: number;
}

export const BAR_PITCH = 24;
/** So many classes keep their order, so that bars grow and shrink in place. */
const MOST_IN_ORDER = 12;
const MOST_RANKED = 10;
const LETTER = 6.8;
const MOST_NAME = 150;
/** Room for the sign of the truth before a name, and for the share after a bar. */
const SIGN = 16;
const SHARE = 46;

export function layoutBars(output: ClassesOutput, names: readonly string[], width: number): BarsLayout {
  const count = output.probabilities.length;
  const ranked = topClasses(output, count <= MOST_IN_ORDER ? count : MOST_RANKED);
  const shown = count <= MOST_IN_ORDER ? ranked.sort((a, b) => a.index - b.index) : ranked;
  const longest = Math.max(...shown.map(({ index }) => (names[index] ?? '').length));
  const left = SIGN + Math.min(MOST_NAME, 0.4 * width, LETTER * longest) + 8;
  return {
    bars: shown.map((bar, i) => ({ ...bar, y: i * BAR_PITCH })),
    left,
    length: Math.max(1, width - left - SHARE),
    height: shown.length * BAR_PITCH,
  };
}
