/** Convolution on a grid that closes upon itself. */
import { concat, slice, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { depthwise2d } from './depthwise.ts';

/** As `depthwise2d`, with the values of the other end instead of zeros beyond an end. */
export function periodicDepthwise2d(x: Tensor4D, kernel: Tensor3D): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const top = (kernel.shape[0] - 1) / 2;
  const left = (kernel.shape[1] - 1) / 2;
  const padded = around(around(x, 1, top), 2, left);
  return slice(depthwise2d(padded, kernel), [0, top, left, 0], [batch, height, width, channels]);
}

/** The last `count` entries of an axis before its first, and the first ones after its last; at most all of them. */
function around(x: Tensor4D, axis: 1 | 2, count: number): Tensor4D {
  if (count === 0) return x;
  const size = x.shape[axis];
  const part = (from: number): Tensor4D => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    begin[axis] = from;
    return slice(x, begin, x.shape.with(axis, count) as [number, number, number, number]);
  };
  return concat([part(size - count), x, part(0)], axis);
}
