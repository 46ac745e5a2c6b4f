/** An operation with a gradient of our own. */
import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Runs `forward` and gives its value the gradient `backward`: from the gradient in the value, and the tensors that
 * `forward` saved, to the gradients in `inputs`, in their order.
 */
export function differentiable<Output extends Tensor, Saved extends Tensor[]>(
  inputs: readonly Tensor[],
  forward: () => { value: Output; saved: [...Saved] },
  backward: (dy: Output, saved: Saved) => Tensor[],
): Output {
  const op = customGrad<Output>((...args) => {
    const { value, saved } = forward();
    const save = args[args.length - 1];
    if (typeof save === 'function') save(saved);
    return { value, gradFunc: (dy, kept) => backward(dy, kept as Saved) };
  });
  return op(...inputs);
}
