/** Burgers' equation: how does a wave on a ring look a while later, when its crests have run into its troughs? */
import { random } from '../dnarch/random.ts';
import { burgers as burgersSolver } from './generators/burgers.ts';
import { ringFields } from './generators/gaussian.ts';
import { inHalves, inTurns } from './generators/inTurns.ts';
import type { Task } from './task.ts';

const SEED = 1;
const POINTS = 256;
const TRAIN = 1000;
const TEST = 200;
/** Standard deviations over the training samples, at the start and at the end; the means are 0 and stay so. */
const DEVIATION = { start: 0.597, end: 0.183 } as const;

/** The next two samples: velocity at the start and at time 1, each `[256]`. */
export function burgersSamples(seed: number): () => readonly { start: Float64Array; end: Float64Array }[] {
  const draw = random(seed, 0);
  const fields = ringFields(POINTS);
  const solve = burgersSolver({ points: POINTS, viscosity: 0.01, step: 0.01, steps: 100 });
  return () => {
    const starts = fields(draw);
    const ends = [starts[0].slice(), starts[1].slice()] as const;
    solve(ends[0], ends[1]);
    return starts.map((start, i) => ({ start, end: ends[i]! }));
  };
}

export const burgers: Task = {
  id: 'burgers',
  title: 'Burgers’ equation',
  description: 'From a wave on a ring, tell what it has become after its crests have run ahead into steep fronts.',
  kind: 'dense',
  grid: [POINTS],
  channels: 1,
  periodic: true,
  classes: ['velocity'],
  metric: 'relative-l2',
  field: { scale: 1 / DEVIATION.end, offset: 0 },
  reported: [],
  source: {
    name: 'Generated here, after Fourier Neural Operator (Li et al., 2021)',
    url: 'https://arxiv.org/abs/2010.08895',
    licence: 'none needed: generated',
    note: 'The law of the waves is theirs, the viscosity of 0.01 a tenth, which keeps the fronts: scores do not compare.',
  },
  thumbnail: 'thumbnails/burgers.svg',
  network: {
    blocks: 5,
    inner: 48,
    outer: 24,
    kernel: 63,
    startKernel: 21,
    startResolution: [1],
    startDepth: 1,
    handMade: { taps: 15, strides: [] },
  },
  batch: 16,
  steps: 1000,
  load: async (_, progress) => {
    const count = TRAIN + TEST;
    const inputs = new Float32Array(count * POINTS);
    const labels = new Float32Array(count * POINTS);
    const next = burgersSamples(SEED);
    await inTurns(count / 2, progress, (index) => {
      for (const [i, { start, end }] of next().entries()) {
        inputs.set(start, (2 * index + i) * POINTS);
        labels.set(end, (2 * index + i) * POINTS);
      }
    });
    return inHalves({ count, inputs, scale: 1 / DEVIATION.start, offset: 0, labels }, TRAIN);
  },
};
