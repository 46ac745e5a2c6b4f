/**
 * From onset, peak and offset marks to a label a sample.
 *
 * Nearly all waves are marked "( peak )". Where a peak falls on its onset or just before it, the onset is missing or
 * comes second; one wave in LUDB has no offset, two have several, two have no peak inside. What a mark does not say is
 * not guessed: those samples are ignored.
 */
import { IGNORE } from '../../src/tasks/task.ts';
import type { Mark, Wave } from './wfdb.ts';

const LABELS = { P: 1, QRS: 2, T: 3 } as const satisfies Record<Wave, number>;
/** A peak this near, in samples, belongs to an onset after it or an offset before it. */
const NEAR = 5;

/** Samples `from` to `to`, both inside the wave; a null wave is one whose kind or end is not known. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly wave: Wave | null;
}

/** A wave while its marks are read; `depth` counts onsets still without an offset. */
interface Open {
  readonly from: number;
  depth: number;
  peak: { readonly at: number; readonly wave: Wave } | null;
}

/** The last interval, where no wave is known for it and `mark` comes soon after its end. */
function justEnded(intervals: readonly Interval[], mark: Mark): Interval | undefined {
  const last = intervals.at(-1);
  return last?.wave === null && mark.at - last.to <= NEAR ? last : undefined;
}

/** Intervals in order of time, not overlapping. Marks must be in order of time. */
export function intervalsOf(marks: readonly Mark[]): Interval[] {
  const intervals: Interval[] = [];
  let open: Open | null = null;
  /** A peak outside any onset and offset: its onset coincides with it or comes next. */
  let loose: { readonly at: number; readonly wave: Wave } | null = null;
  for (const mark of marks) {
    switch (mark.kind) {
      case 'onset':
        if (open?.peak != null) {
          // No offset: the wave is known up to its peak, and where it ends before this onset is not.
          intervals.push({ from: open.from, to: open.peak.at, wave: open.peak.wave });
          if (mark.at - 1 > open.peak.at) intervals.push({ from: open.peak.at + 1, to: mark.at - 1, wave: null });
          open = null;
        }
        if (open !== null) {
          open.depth++;
        } else {
          const near = loose !== null && mark.at - loose.at <= NEAR;
          open = { from: near && loose !== null ? loose.at : mark.at, depth: 1, peak: near ? loose : null };
          loose = null;
        }
        break;
      case 'peak': {
        const last = justEnded(intervals, mark);
        if (open !== null) {
          open.peak = mark;
        } else if (last !== undefined) {
          intervals[intervals.length - 1] = { from: last.from, to: mark.at, wave: mark.wave };
        } else {
          loose = mark;
        }
        break;
      }
      case 'offset':
        if (open !== null) {
          open.depth--;
          if (open.depth > 0) break;
          intervals.push({ from: open.from, to: mark.at, wave: open.peak?.wave ?? null });
          open = null;
        } else if (loose !== null) {
          intervals.push({ from: loose.at, to: mark.at, wave: loose.wave });
          loose = null;
        }
        break;
    }
  }
  return intervals;
}

/** `[length]`: 0 none, 1 P, 2 QRS, 3 T; `IGNORE` outside the annotated beats and where a wave is not known. */
export function labelsOf(intervals: readonly Interval[], length: number): Uint8Array {
  const labels = new Uint8Array(length).fill(IGNORE);
  const first = intervals[0];
  const last = intervals[intervals.length - 1];
  if (first === undefined || last === undefined) return labels;
  labels.fill(0, first.from, last.to + 1);
  for (const { from, to, wave } of intervals) labels.fill(wave === null ? IGNORE : LABELS[wave], from, to + 1);
  return labels;
}
