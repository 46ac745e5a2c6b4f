/** Our own kernels for TF.js's WebGPU backend. */
import {
  engine,
  registerKernel,
  type KernelFunc,
  type Rank,
  type ShapeMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  BAND_ROWS,
  BANDED,
  BANDED_SLOPE,
  COMPLEX_PRODUCT,
  CROSS_ENTROPY,
  CROSS_ENTROPY_GRADIENT,
  DEPTHWISE,
  DEPTHWISE_KERNEL_GRADIENT,
  GROUPED_PRODUCT,
} from '../names.ts';
import { registerPrograms, type Programs } from '../programs.ts';
import { adamW } from './adamW.ts';
import { bandRows } from './bandRows.ts';
import { banded, bandedSlope, transposedBanded } from './banded.ts';
import { crossEntropy, crossEntropyGradient } from './crossEntropy.ts';
import { depthwise } from './depthwise.ts';
import { complexProduct, groupedProduct } from './grouped.ts';
import { addKernelGradient, kernel } from './kernel.ts';
import { kernelGradient } from './kernelGradient.ts';
import { addBranchGradient, addMaskGradient, addMatrixGradient, matrixGradient } from './matrixGradient.ts';
import { norm, normGradient } from './norm.ts';
import { branch, branchGradient, plainBranch, product, productGradient } from './product.ts';
import { resize } from './resize.ts';
import { addToView, readView } from './views.ts';

let installed = false;

/** Registers the kernels; call once the backend is up. There is one backend of that name as long as a page or process lives. */
export function installWebgpuKernels(backend: WebGPUBackend): void {
  if (installed) return;
  installed = true;
  const kernels: Record<string, KernelFunc> = {
    [DEPTHWISE]: ({ inputs, attrs }) => {
      const { x, kernel } = inputs as { x: TensorInfo; kernel: TensorInfo };
      return depthwise(backend, x, kernel, attrs?.['flip'] === true);
    },
    [DEPTHWISE_KERNEL_GRADIENT]: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
      return kernelGradient(backend, x, dy, Number(attrs?.['kernelHeight']), Number(attrs?.['kernelWidth']));
    },
    [BAND_ROWS]: ({ inputs, attrs }) => {
      const { fractions, table } = inputs as Record<'fractions' | 'table', TensorInfo>;
      return bandRows(backend, fractions, table, Number(attrs?.['width']));
    },
    [BANDED]: ({ inputs, attrs }) => {
      const { x, firsts, rows } = inputs as Record<'x' | 'firsts' | 'rows', TensorInfo>;
      const band = { firsts, rows, from: Number(attrs?.['from']), periodic: attrs?.['periodic'] === true };
      return (attrs?.['transposed'] === true ? transposedBanded : banded)(backend, x, band);
    },
    [BANDED_SLOPE]: ({ inputs, attrs }) => {
      const { x, dy, firsts, rows } = inputs as Record<'x' | 'dy' | 'firsts' | 'rows', TensorInfo>;
      const band = { firsts, rows, from: Number(attrs?.['from']), periodic: attrs?.['periodic'] === true };
      return bandedSlope(backend, x, dy, band);
    },
    [GROUPED_PRODUCT]: ({ inputs }) => {
      const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
      return groupedProduct(backend, x, w);
    },
    [COMPLEX_PRODUCT]: ({ inputs, attrs }) => {
      const { x, y } = inputs as { x: TensorInfo; y: TensorInfo };
      return complexProduct(backend, x, y, attrs?.['conjugate'] === true);
    },
    [CROSS_ENTROPY]: ({ inputs, attrs }) => {
      const { logits, target, weights } = inputs as Record<'logits' | 'target' | 'weights', TensorInfo>;
      return crossEntropy(backend, [logits, target, weights], attrs?.['overlap'] === true);
    },
    [CROSS_ENTROPY_GRADIENT]: ({ inputs }) => {
      const { logits, target, weights, dy } = inputs as Record<'logits' | 'target' | 'weights' | 'dy', TensorInfo>;
      return crossEntropyGradient(backend, [logits, target, weights, dy]);
    },
  };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
  }
  registerPrograms('webgpu', programsOn(backend));
}

function programsOn(backend: WebGPUBackend): Programs {
  return {
    read: (view) => toTensor(readView(backend, view)),
    add: (view, dy) => addToView(backend, view, dy),
    product: (x, at, w, more) => toTensor(product(backend, x, at, w, more)),
    productGradient: (dy, at, w, masked) => toTensor(productGradient(backend, dy, at, w, masked)),
    matrixGradient: (x, dy, at) => {
      const operands = { x, inner: x.size / at.lines, dy, columns: dy.size / at.lines, at };
      return toTensor(matrixGradient(backend, operands));
    },
    addMatrixGradient: (x, dy, w, bias) => {
      const at = { lines: dy.size / w.columns, after: 1 };
      addMatrixGradient(backend, { x, dy, at }, w, bias);
    },
    addMaskGradient: (gradient, w, masked) => addMaskGradient(backend, gradient, w, masked),
    branch: (pre, activation, w, masked, shortcut) => toTensor(branch(backend, pre, activation, w, masked, shortcut)),
    branchGradient: (pre, activation, w, masked, dy) => {
      const gradient = branchGradient(backend, pre, activation, w, masked, dy);
      addBranchGradient(backend, { x: pre, dy, activation }, w, masked);
      return toTensor(gradient);
    },
    plainBranch: (x, shortcut, views) => toTensor(plainBranch(backend, x, shortcut, views)),
    resize: (x, columns) => toTensor(resize(backend, x, columns)),
    norm: (x, views) => {
      const { table, value } = norm(backend, x, views);
      return { table: toTensor(table), value: toTensor(value) };
    },
    normGradient: (x, table, dy, views) => toTensor(normGradient(backend, x, table, dy, views)),
    kernel: (views) => toTensor(kernel(backend, views)),
    addKernelGradient: (views, dy) => addKernelGradient(backend, views, dy),
    adamW: (state, gradient, decay, step) => adamW(backend, state, gradient, decay, step),
  };
}

/** A tensor of its own, in the present scope. */
function toTensor<R extends Rank>(info: Omit<TensorInfo, 'shape'> & { readonly shape: readonly number[] }): Tensor<R> {
  return engine().makeTensorFromTensorInfo({ ...info, shape: [...info.shape] as ShapeMap[R] }) as Tensor<R>;
}
