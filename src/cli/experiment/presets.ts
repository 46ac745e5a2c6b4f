/** The two experiments of the method: the ladder at equal cost, and the wrong starts; each also in a quick form. */
import type { GridInput } from './grid.ts';

/**
 * Only the resolution that is learned, or chosen by a person, may be other than full: K alone is learned from the uniform shape. The
 * start of the others is also left as it is, which tells how much is learned.
 */
const LADDER: GridInput['rungs'] = [
  'uniform',
  'hand-made',
  { rung: 'fixed', start: 'budget' },
  { rung: 'K', start: 'uniform' },
  'KR',
  'KRW',
  'KRWD',
];

/** The best that a person would build, the wrong shape as it is, and what learning makes of it, with its depth and with another. */
const WRONG: GridInput['rungs'] = [
  'hand-made',
  { rung: 'fixed', start: 'wrong' },
  { rung: 'KRW', start: 'wrong' },
  { rung: 'KRWD', start: 'wrong' },
];

/** A wrong shape has a long way to go: the masks are about as fast as the weights. */
const FAST_MASKS: GridInput['settings'] = { maskLearningRate: 0.012 };

const PRESETS: Readonly<Record<string, GridInput>> = {
  ladder: {
    name: 'ladder',
    tasks: [
      { task: 'fashion-mnist', steps: [600] },
      { task: 'sequential-mnist', steps: [600] },
      { task: 'fsdd-mfcc', steps: [800] },
      { task: 'ludb', steps: [600] },
      { task: 'nuclei', steps: [400] },
      { task: 'darcy', steps: [600] },
    ],
    rungs: LADDER,
    budgets: [0.1, 0.25, 0.5],
    seeds: [1, 2, 3],
    heldOut: 'test',
  },
  'ladder-quick': {
    name: 'ladder-quick',
    tasks: [
      { task: 'fsdd-mfcc', steps: [300] },
      { task: 'fashion-mnist', steps: [150] },
    ],
    rungs: LADDER,
    budgets: [0.25],
    seeds: [1, 2],
    heldOut: 'test',
  },
  'wrong-start': {
    name: 'wrong-start',
    tasks: [
      // At stride 2 all its channels and half the taps cost 7 % of the full network.
      { task: 'nuclei', steps: [2000], budgets: [0.05] },
      { task: 'ludb', steps: [1200] },
      { task: 'fashion-mnist', steps: [2000] },
      { task: 'sequential-mnist', steps: [2000] },
    ],
    rungs: WRONG,
    budgets: [0.25],
    seeds: [1, 2, 3],
    heldOut: 'test',
    settings: FAST_MASKS,
  },
  'wrong-start-quick': {
    name: 'wrong-start-quick',
    tasks: [
      { task: 'ludb', steps: [250] },
      { task: 'fashion-mnist', steps: [200] },
    ],
    rungs: WRONG,
    budgets: [0.25],
    seeds: [1, 2],
    heldOut: 'test',
  },
};

/** The experiment of that name; undefined where there is none. */
export function presetOf(name: string, quick: boolean): GridInput | undefined {
  const key = quick ? `${name}-quick` : name;
  return Object.hasOwn(PRESETS, key) ? PRESETS[key] : undefined;
}
