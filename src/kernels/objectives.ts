/** What is made small, and what a run is measured by beside it. Each gives `[2]`: the loss, and the measure. */
import {
  add,
  argMax,
  cast,
  div,
  engine,
  equal,
  fill,
  log,
  maximum,
  mul,
  neg,
  reshape,
  slice,
  softmax,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { CROSS_ENTROPY, CROSS_ENTROPY_GRADIENT, hasKernel } from './names.ts';

/**
 * Softmax cross-entropy of weighted rows, measured by the weight of the rows that are right. `logits` `[rows, classes]`; `target`
 * `[rows, classes]` has each row's weight at its label; `weights` `[rows, 1]` are those weights (0 for a row to ignore; they add up to 1).
 */
export function crossEntropy(logits: Tensor2D, target: Tensor2D, weights: Tensor2D): Tensor1D {
  return hasKernel(CROSS_ENTROPY) ? inOne(logits, target, weights, false) : composed(logits, target, weights, share);
}

/** As `crossEntropy`, measured by the last class's intersection over union, of all rows together. */
export function overlap(logits: Tensor2D, target: Tensor2D, weights: Tensor2D): Tensor1D {
  if (hasKernel(CROSS_ENTROPY)) return inOne(logits, target, weights, true);
  return composed(logits, target, weights, intersectionOverUnion);
}

type Measure = (logits: Tensor2D, target: Tensor2D, weights: Tensor1D) => Scalar;

function composed(logits: Tensor2D, target: Tensor2D, weights: Tensor2D, measure: Measure): Tensor1D {
  return differentiable<Tensor1D, [Tensor2D, Tensor2D, Tensor2D]>(
    [logits],
    () => {
      const probabilities: Tensor2D = softmax(logits);
      const loss: Scalar = neg(sum(mul(target, log(maximum(probabilities, 1e-20)))));
      const own = measure(logits, target, reshape(weights, [weights.shape[0]]));
      return { value: pair(loss, own), saved: [probabilities, target, weights] };
    },
    (dy, [probabilities, target, weights]) => [mul(sub(mul(probabilities, weights), target), slice(dy, [0], [1]))],
  );
}

/** By programs of the backend's own. */
function inOne(logits: Tensor2D, target: Tensor2D, weights: Tensor2D, overlap: boolean): Tensor1D {
  return differentiable<Tensor1D, [Tensor2D, Tensor2D, Tensor2D]>(
    [logits],
    () => ({
      value: engine().runKernel<Tensor1D>(CROSS_ENTROPY, { logits, target, weights }, { overlap }),
      saved: [logits, target, weights],
    }),
    (dy, [logits, target, weights]) => [
      engine().runKernel<Tensor2D>(CROSS_ENTROPY_GRADIENT, { logits, target, weights, dy }),
    ],
  );
}

function share(logits: Tensor2D, target: Tensor2D, weights: Tensor1D): Scalar {
  return sum(mul(numbers(equal<Tensor1D>(argMax(logits, 1), argMax(target, 1))), weights));
}

function intersectionOverUnion(logits: Tensor2D, target: Tensor2D, weights: Tensor1D): Scalar {
  // One entry would do, but comparing different shapes is slow in WebAssembly.
  const last: Tensor1D = fill([logits.shape[0]], logits.shape[1] - 1, 'int32');
  const answer = numbers(equal<Tensor1D>(argMax(logits, 1), last));
  const truth = numbers(equal<Tensor1D>(argMax(target, 1), last));
  const intersection = sum(mul(mul(answer, truth), weights));
  const union = sum(mul(maximum(answer, truth), weights));
  return div(intersection, maximum(union, 1e-9));
}

/**
 * Mean error of the samples relative to their size, ‖û − u‖/‖u‖, which measures itself. `values` and `target` are
 * `[rows, channels]`, the rows those of `weights.shape[0]` samples; `weights` `[samples, 1]` are 1/(samples·‖u‖).
 */
export function relativeError(values: Tensor2D, target: Tensor2D, weights: Tensor2D): Tensor1D {
  const samples = weights.shape[0];
  return differentiable<Tensor1D, [Tensor2D, Tensor2D]>(
    [values],
    () => {
      const difference: Tensor2D = reshape(sub(values, target), [samples, -1]);
      // The slope of a root is not finite at zero.
      const size = sqrt(add(sum(square(difference), 1, true), 1e-12));
      const loss: Scalar = sum(mul(size, weights));
      return { value: pair(loss, loss), saved: [difference, div(weights, size)] };
    },
    (dy, [difference, gain]) => [reshape(mul(mul(difference, gain), slice(dy, [0], [1])), values.shape)],
  );
}

const numbers = (x: Tensor1D): Tensor1D => cast(x, 'float32');

const pair = (a: Scalar, b: Scalar): Tensor1D => stack([a, b]) as Tensor1D;
