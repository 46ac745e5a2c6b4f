/** Softmax cross-entropy of weighted rows, with the share of rows that are right beside it. */
import {
  argMax,
  cast,
  equal,
  log,
  maximum,
  mul,
  neg,
  reshape,
  slice,
  softmax,
  stack,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/**
 * `logits` `[rows, classes]`; `target` `[rows, classes]` has each row's weight at its label; `weights` `[rows, 1]` are those
 * weights (0 for a row to ignore; they add up to 1). Gives `[2]`: the loss, and the weight of the rows that are right.
 */
export function crossEntropy(logits: Tensor2D, target: Tensor2D, weights: Tensor2D): Tensor1D {
  return differentiable<Tensor1D, [Tensor2D, Tensor2D, Tensor2D]>(
    [logits],
    () => {
      const probabilities: Tensor2D = softmax(logits);
      const loss = neg(sum(mul(target, log(maximum(probabilities, 1e-20)))));
      const right = cast(equal(argMax(logits, 1), argMax(target, 1)), 'float32');
      const share = sum(mul(right, reshape(weights, [weights.shape[0]])));
      return { value: stack([loss, share]) as Tensor1D, saved: [probabilities, target, weights] };
    },
    (dy, [probabilities, target, weights]) => [mul(sub(mul(probabilities, weights), target), slice(dy, [0], [1]))],
  );
}
