/**
 * Depthwise 'same' convolution with odd kernels and zero padding, trainable on every backend.
 *
 * Both gradients are forward depthwise convolutions themselves: the input's is a 'same' convolution of dy with the
 * reversed kernel; the kernel's is a 'valid' one of the padded input with dy as the filter, the batch folded into the
 * channels and summed afterwards.
 */
import {
  depthwiseConv2d,
  engine,
  getBackend,
  getKernelsForBackend,
  pad,
  reshape,
  reverse,
  sum,
  transpose,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/** `[batch, height, width, channels]`, `[kernel height, kernel width, channels]` → the input's shape. */
export function depthwise2d(x: Tensor4D, kernel: Tensor3D): Tensor4D {
  return differentiable<Tensor4D, [Tensor4D, Tensor3D]>(
    [x, kernel],
    () => ({ value: correlate(x, kernel), saved: [x, kernel] }),
    (dy, [x, kernel]) => [correlate(dy, reverse(kernel, [0, 1])), kernelGradient(x, dy, kernel.shape)],
  );
}

/** `[batch, length, channels]`, `[taps, channels]` → the input's shape. */
function correlate(x: Tensor4D, kernel: Tensor3D): Tensor4D {
  const [height, width, channels] = kernel.shape;
  return depthwiseConv2d(x, reshape(kernel, [height, width, channels, 1]), 1, 'same');
}

const NATIVE = 'DepthwiseConv2dNativeBackpropFilter';

/** Whether the backend has a kernel of its own for it. */
function hasNativeGradient(): boolean {
  return getKernelsForBackend(getBackend()).some(({ kernelName }) => kernelName === NATIVE);
}

function kernelGradient(x: Tensor4D, dy: Tensor4D, shape: [number, number, number]): Tensor3D {
  const [kernelHeight, kernelWidth, channels] = shape;
  if (hasNativeGradient()) {
    const attributes = {
      strides: [1, 1],
      dilations: [1, 1],
      pad: 'same',
      filterShape: [kernelHeight, kernelWidth, channels, 1],
    };
    const gradient: Tensor4D = engine().runKernel(NATIVE, { x, dy }, attributes);
    return reshape(gradient, shape);
  }
  const [batch, height, width] = x.shape;
  const top = (kernelHeight - 1) / 2;
  const left = (kernelWidth - 1) / 2;
  const padded = pad(x, [
    [0, 0],
    [top, top],
    [left, left],
    [0, 0],
  ]);
  const input: Tensor4D = reshape(transpose(padded, [1, 2, 0, 3]), [
    1,
    height + kernelHeight - 1,
    width + kernelWidth - 1,
    batch * channels,
  ]);
  const filter: Tensor4D = reshape(transpose(dy, [1, 2, 0, 3]), [height, width, batch * channels, 1]);
  const each = depthwiseConv2d(input, filter, 1, 'valid');
  return sum(reshape(each, [kernelHeight, kernelWidth, batch, channels]), 2);
}
