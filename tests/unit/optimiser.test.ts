/** Both optimisers beside the algorithm in plain numbers. */
import { tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  adamW,
  disposeWeightState,
  hostAdam,
  initialHostMoments,
  initialWeightState,
} from '../../src/dnarch/optimiser.ts';
import { useBackend } from '../support/backend.ts';
import { distance, norm, numbersOf } from '../support/numbers.ts';

useBackend('cpu');

const [BETA1, BETA2, EPSILON, CLIP] = [0.9, 0.99, 1e-8, 1];

/** Algorithm 2 of Loshchilov & Hutter for one number; the gradients are those after clipping. */
function plainAdamW(start: number, gradients: readonly number[], rates: readonly number[], decay: number): number[] {
  let [w, m, v] = [start, 0, 0];
  return gradients.map((g, i) => {
    const rate = rates[i] ?? NaN;
    m = BETA1 * m + (1 - BETA1) * g;
    v = BETA2 * v + (1 - BETA2) * g * g;
    const corrected = m / (1 - BETA1 ** (i + 1));
    const deviation = Math.sqrt(v / (1 - BETA2 ** (i + 1)));
    w -= rate * (corrected / (deviation + EPSILON)) + rate * decay * w;
    return w;
  });
}

const START = [1, -2, 0.5];
const DECAYS = [0.1, 0, 0.02];
const RATES = [0.1, 0.05, 0.02, 0.1];
/** The third is longer than the clip allows. */
const GRADIENTS = [
  [0.1, -0.2, 0.3],
  [-0.4, 0, 0.2],
  [30, 40, 0],
  [0, 1e-3, -0.1],
];

describe('AdamW', () => {
  it('takes the steps of the algorithm, clipped, with decay where it applies', async () => {
    const clipped = GRADIENTS.map((g) => g.map((value) => value * Math.min(1, CLIP / norm(g))));
    const expected = START.map((start, i) =>
      plainAdamW(
        start,
        clipped.map((g) => g[i] ?? NaN),
        RATES,
        DECAYS[i] ?? NaN,
      ),
    );
    let state = initialWeightState(Float32Array.from(START));
    const decay = tensor1d(DECAYS);
    for (const [i, gradient] of GRADIENTS.entries()) {
      const before = state;
      state = adamW(state, tensor1d(gradient), { learningRate: RATES[i] ?? NaN, decay, step: i + 1 });
      expect(
        distance(
          await numbersOf(state.weights),
          expected.map((own) => own[i] ?? NaN),
        ),
      ).toBeLessThan(1e-6);
      const { weights, moments } = before;
      expect([weights, moments?.first, moments?.second].every((tensor) => tensor?.isDisposed)).toBe(true);
    }
    disposeWeightState(state);
  });
});

describe('Adam on the host', () => {
  it('takes the same steps without clipping and decay, and leaves alone what is not learned', () => {
    const parameters = Float64Array.from([...START, 7]);
    const moments = initialHostMoments(4);
    const learned = Float64Array.of(1, 1, 1, 0);
    const expected = START.map((start, i) =>
      plainAdamW(
        start,
        GRADIENTS.map((g) => g[i] ?? NaN),
        RATES,
        0,
      ),
    );
    for (const [i, gradient] of GRADIENTS.entries()) {
      hostAdam(parameters, Float64Array.of(...gradient, 5), moments, learned, RATES[i] ?? NaN);
      expect(
        distance(
          parameters.subarray(0, 3),
          expected.map((own) => own[i] ?? NaN),
        ),
      ).toBeLessThan(1e-12);
    }
    expect(parameters[3]).toBe(7);
    expect(moments.second[3]).toBe(0);
  });
});
