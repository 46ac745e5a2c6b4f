/** Cutting a tensor. */
import { split, type Tensor } from '@tensorflow/tfjs-core';

/** `split` that gives one piece as it is: the gradient of TF.js's own `split` fails on a single piece. */
export function cut<T extends Tensor>(x: T, pieces: number, axis = 0): T[] {
  return pieces === 1 ? [x] : split(x, pieces, axis);
}
