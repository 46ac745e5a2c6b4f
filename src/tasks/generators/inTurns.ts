/** Long work that leaves room for others: it says how far it has come, and lets messages in between. */
import type { Dataset, Progress, Split } from '../task.ts';

/** Longest stretch of work without a pause, in milliseconds. */
const STRETCH = 50;

/** Calls `make` for 0 … `count` − 1 in order. */
export async function inTurns(count: number, progress: Progress, make: (index: number) => void): Promise<void> {
  let paused = performance.now();
  for (let index = 0; index < count; index++) {
    make(index);
    if (performance.now() - paused < STRETCH) continue;
    progress((index + 1) / count);
    // A macrotask: messages and timers wait while there are only promises.
    await new Promise((resolve) => setTimeout(resolve));
    paused = performance.now();
  }
  progress(1);
}

/** The first `train` samples and the rest; both halves are views of the same arrays. */
export function inHalves(samples: Split, train: number): Dataset {
  const half = (from: number, to: number): Split => ({
    ...samples,
    count: to - from,
    inputs: part(samples.inputs, from, to, samples.count),
    labels: part(samples.labels, from, to, samples.count),
  });
  return { train: half(0, train), test: half(train, samples.count) };
}

function part<T extends Split['inputs']>(values: T, from: number, to: number, count: number): T {
  const each = values.length / count;
  return values.subarray(from * each, to * each) as T;
}
