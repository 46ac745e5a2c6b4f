/** Global average pooling. */
import { matMul, mul, ones, reshape, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/** Mean over the points: `[batch, points, channels]` → `[batch, channels]`, as a product with ones. */
export function meanPool(x: Tensor3D): Tensor2D {
  const [batch, points, channels] = x.shape;
  return differentiable<Tensor2D, []>(
    [x],
    () => ({ value: reshape(mul(matMul(ones([batch, 1, points]), x), 1 / points), [batch, channels]), saved: [] }),
    (dy) => [mul(reshape(mul(dy, 1 / points), [batch, 1, channels]), ones([batch, points, 1]))],
  );
}
