/** Darcy flow: which pressure does water have in ground that lets it through well here and badly there? 32×32. */
import { random } from '../dnarch/random.ts';
import { PERMEABILITY, darcy as darcySolver } from './generators/darcy.ts';
import { cosineFields } from './generators/gaussian.ts';
import { inHalves, inTurns } from './generators/inTurns.ts';
import type { Task } from './task.ts';

const SEED = 1;
const SIDE = 32;
const TRAIN = 1000;
const TEST = 200;
/** Mean and standard deviation of the pressure over the training samples. */
const MEAN = 0.00531;
const DEVIATION = 0.00394;

/** The next sample: permeability, a byte a node, and pressure; both `[32, 32]`. */
export function darcySamples(seed: number): () => { permeability: Uint8Array; pressure: Float64Array } {
  const draw = random(seed, 0);
  const [field, solve] = [cosineFields(SIDE), darcySolver(SIDE)];
  return () => {
    const permeability = Uint8Array.from(field(draw), (g) => (g >= 0 ? PERMEABILITY.high : PERMEABILITY.low));
    return { permeability, pressure: solve(permeability) };
  };
}

export const darcy: Task = {
  id: 'darcy',
  title: 'Darcy flow',
  description: 'From a map of where ground lets water through, tell the pressure of the water everywhere in it.',
  kind: 'dense',
  grid: [SIDE, SIDE],
  channels: 1,
  classes: ['pressure'],
  metric: 'relative-l2',
  field: { scale: 1 / DEVIATION, offset: -MEAN / DEVIATION },
  reported: [],
  source: {
    name: 'Generated here, after Fourier Neural Operator (Li et al., 2021)',
    url: 'https://arxiv.org/abs/2010.08895',
    licence: 'none needed: generated',
    note: 'The law is theirs, the grid of 32×32 coarser: scores compare with those of others only roughly.',
  },
  thumbnail: 'thumbnails/darcy.png',
  network: {
    blocks: 5,
    inner: 48,
    outer: 24,
    kernel: 15,
    startKernel: 9,
    startResolution: [0.7, 1],
    startDepth: 1,
    handMade: { taps: 9, strides: [2] },
  },
  batch: 16,
  steps: 1000,
  load: async (_, progress) => {
    const count = TRAIN + TEST;
    const inputs = new Uint8Array(count * SIDE * SIDE);
    const labels = new Float32Array(count * SIDE * SIDE);
    const next = darcySamples(SEED);
    await inTurns(count, progress, (index) => {
      const { permeability, pressure } = next();
      inputs.set(permeability, index * SIDE * SIDE);
      labels.set(pressure, index * SIDE * SIDE);
    });
    // Both kinds of ground are as frequent, so that inputs are −1 and 1.
    const scale = 2 / (PERMEABILITY.high - PERMEABILITY.low);
    const offset = (-scale * (PERMEABILITY.high + PERMEABILITY.low)) / 2;
    return inHalves({ count, inputs, scale, offset, labels }, TRAIN);
  },
};
