/** Tasks made on the spot, for what the digits do not have: fields on a ring, and tokens. */
import { random } from '../../src/dnarch/random.ts';
import type { Dataset, Split, Task } from '../../src/tasks/task.ts';
import { TINY } from './digits.ts';
import { range } from './numbers.ts';

const POINTS = 24;
const SAMPLES = { train: 64, test: 20 } as const;

/** A task with its samples. */
export interface Synthetic {
  readonly task: Task;
  readonly data: Dataset;
}

function synthetic(own: Partial<Task>, make: (samples: number) => Pick<Split, 'inputs' | 'labels'>): Synthetic {
  const half = (count: number): Split => ({ count, scale: 1, offset: 0, ...make(count) });
  const data = { train: half(SAMPLES.train), test: half(SAMPLES.test) };
  const task = { ...TINY, grid: [POINTS], channels: 1, ...own, load: () => Promise.resolve(data) };
  return { task, data };
}

/** Waves on a ring; what is asked for is five times their value a twelfth of the ring further on. */
export const RING = synthetic(
  {
    id: 'ring',
    kind: 'dense',
    periodic: true,
    classes: ['u'],
    metric: 'relative-l2',
    field: { scale: 0.2, offset: 0 },
  },
  (samples) => {
    const draw = random(samples, 50);
    const waves = range(samples).map(() => [1, 2, 3].map(() => [draw.normal(), draw.uniform(0, 1)] as const));
    const sampled = (moved: number, scale: number): Float32Array =>
      Float32Array.from(
        waves.flatMap((own) =>
          range(POINTS).map((i) =>
            own.reduce(
              (sum, [size, phase], w) =>
                sum + scale * size * Math.cos(2 * Math.PI * ((w + 1) * (i / POINTS + moved) + phase)),
              0,
            ),
          ),
        ),
      );
    return { inputs: sampled(0, 1), labels: sampled(1 / 12, 5) };
  },
);

/** Rows of letters; which of the first two comes more often. */
export const LETTERS = synthetic(
  { id: 'letters', kind: 'classes', tokens: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], classes: ['a', 'b'] },
  (samples) => {
    const draw = random(samples, 51);
    const inputs = Uint8Array.from({ length: samples * POINTS }, () => Math.floor(draw.uniform(0, 7)));
    const labels = Uint8Array.from({ length: samples }, (_, sample) => {
      const own = inputs.subarray(sample * POINTS, (sample + 1) * POINTS);
      const count = (token: number): number => own.filter((one) => one === token).length;
      return count(0) > count(1) ? 0 : 1;
    });
    return { inputs, labels };
  },
);
