/** Global average pooling. */
import { fill, matMul, mul, ones, reshape, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { programs } from './programs.ts';

/** Mean over the points: `[batch, points, channels]` → `[batch, channels]`, as a product with ones. */
export function meanPool(x: Tensor3D): Tensor2D {
  const [batch, points, channels] = x.shape;
  const own = programs();
  if (own !== null) {
    const at = { lines: batch * channels, after: channels };
    return differentiable<Tensor2D, [Tensor2D]>(
      [x],
      () => {
        const weights: Tensor2D = fill([points, 1], 1 / points);
        return { value: reshape(own.product(x, at, weights), [batch, channels]), saved: [weights] };
      },
      (dy, [weights]) => [reshape(own.productGradient(dy, at, weights), x.shape)],
    );
  }
  return differentiable<Tensor2D, []>(
    [x],
    () => ({ value: reshape(mul(matMul(ones([batch, 1, points]), x), 1 / points), [batch, channels]), saved: [] }),
    (dy) => [mul(reshape(mul(dy, 1 / points), [batch, 1, channels]), ones([batch, points, 1]))],
  );
}
