/** AdamW on one flat tensor (Loshchilov & Hutter, arXiv 1711.05101), and Adam on plain numbers for the architecture. */
import {
  add,
  div,
  keep,
  minimum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tensor1d,
  tidy,
  zeros,
  type Rank,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { programs } from '../kernels/programs.ts';

const BETA1 = 0.9;
const BETA2 = 0.99;
/** Given, since a backend of 16 bits would otherwise choose another one. */
const EPSILON = 1e-8;
/** Largest norm of the weights' gradient. */
const CLIP = 1;

/** The weights with their optimiser's moments; every tensor is kept until replaced. */
export interface WeightState {
  /** `[size]`, or `[3·size]` with the moments behind the weights where a program of our own updates all of them in place. */
  readonly weights: Tensor1D;
  /** `[size]` each. */
  readonly moments: { readonly first: Tensor1D; readonly second: Tensor1D } | null;
}

export function initialWeightState(weights: Float32Array): WeightState {
  const { length } = weights;
  if (programs() !== null) {
    const state = new Float32Array(3 * length);
    state.set(weights);
    return { weights: keep(tensor1d(state)), moments: null };
  }
  const moments = { first: keep(zeros<Rank.R1>([length])), second: keep(zeros<Rank.R1>([length])) };
  return { weights: keep(tensor1d(weights)), moments };
}

export function disposeWeightState({ weights, moments }: WeightState): void {
  weights.dispose();
  moments?.first.dispose();
  moments?.second.dispose();
}

/**
 * One step. `decay` is `[size]`: the decay rate where weight decay applies, else 0. `step` counts from 1.
 * Gives the new state; the old one is disposed, or is the new one.
 */
export function adamW(
  state: WeightState,
  gradient: Tensor1D,
  options: { readonly learningRate: number; readonly decay: Tensor1D; readonly step: number },
): WeightState {
  const { learningRate, decay, step } = options;
  const { weights: before, moments } = state;
  if (moments === null) {
    const settings = { learningRate, step, beta1: BETA1, beta2: BETA2, epsilon: EPSILON, clip: CLIP };
    programs()?.adamW(before, gradient, decay, settings);
    return state;
  }
  const next = tidy(() => {
    // A minimum instead of a condition: no value has to come back from the device.
    const norm = sqrt(add(sum(square(gradient)), 1e-12));
    const clipped = mul(gradient, minimum(div(CLIP, norm), 1));
    const first: Tensor1D = add(mul(moments.first, BETA1), mul(clipped, 1 - BETA1));
    const second: Tensor1D = add(mul(moments.second, BETA2), mul(square(clipped), 1 - BETA2));
    const size = learningRate / (1 - BETA1 ** step);
    const scale = add(sqrt(mul(second, 1 / (1 - BETA2 ** step))), EPSILON);
    const shrunk = sub(before, mul(mul(before, decay), learningRate));
    const weights: Tensor1D = sub(shrunk, mul(div(first, scale), size));
    return { weights: keep(weights), moments: { first: keep(first), second: keep(second) } };
  });
  disposeWeightState(state);
  return next;
}

/** Adam's moments of plain numbers. */
export interface HostMoments {
  readonly first: Float64Array;
  readonly second: Float64Array;
  step: number;
}

export function initialHostMoments(size: number): HostMoments {
  return { first: new Float64Array(size), second: new Float64Array(size), step: 0 };
}

/** One Adam step of `parameters`, in place. What `learned` has 0 for stays, and so do its moments. */
export function hostAdam(
  parameters: Float64Array,
  gradient: Float64Array,
  moments: HostMoments,
  learned: Float64Array,
  learningRate: number,
): void {
  moments.step += 1;
  const { first, second, step } = moments;
  for (let i = 0; i < parameters.length; i++) {
    if (learned[i] !== 1) continue;
    const g = gradient[i] ?? 0;
    const m = BETA1 * (first[i] ?? 0) + (1 - BETA1) * g;
    const v = BETA2 * (second[i] ?? 0) + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    const scale = Math.sqrt(v / (1 - BETA2 ** step)) + EPSILON;
    parameters[i] = (parameters[i] ?? 0) - (learningRate * (m / (1 - BETA1 ** step))) / scale;
  }
}
