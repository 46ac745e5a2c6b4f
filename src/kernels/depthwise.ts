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
  pad,
  reshape,
  reverse,
  sum,
  transpose,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';
import { DEPTHWISE, DEPTHWISE_KERNEL_GRADIENT, hasKernel } from './names.ts';

/** `[batch, height, width, channels]`, `[kernel height, kernel width, channels]` → the input's shape. */
export function depthwise2d(x: Tensor4D, kernel: Tensor3D): Tensor4D {
  return differentiable<Tensor4D, [Tensor4D, Tensor3D]>(
    [x, kernel],
    () => ({ value: correlate(x, kernel, false), saved: [x, kernel] }),
    (dy, [x, kernel]) => [correlate(dy, kernel, true), kernelGradient(x, dy, kernel.shape)],
  );
}

/** With `flip` the kernel is reversed in height and width. */
function correlate(x: Tensor4D, kernel: Tensor3D, flip: boolean): Tensor4D {
  const [height, width, channels] = kernel.shape;
  if (hasKernel(DEPTHWISE)) {
    return engine().runKernel<Tensor4D>(DEPTHWISE, { x, kernel }, { flip });
  }
  const filter: Tensor4D = reshape(flip ? reverse(kernel, [0, 1]) : kernel, [height, width, channels, 1]);
  return depthwiseConv2d(x, filter, 1, 'same');
}

const NATIVE = 'DepthwiseConv2dNativeBackpropFilter';

function kernelGradient(x: Tensor4D, dy: Tensor4D, shape: [number, number, number]): Tensor3D {
  const [kernelHeight, kernelWidth, channels] = shape;
  if (hasKernel(DEPTHWISE_KERNEL_GRADIENT)) {
    return engine().runKernel<Tensor3D>(DEPTHWISE_KERNEL_GRADIENT, { x, dy }, { kernelHeight, kernelWidth });
  }
  if (hasKernel(NATIVE)) {
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
