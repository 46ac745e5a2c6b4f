/** Our own kernels for TF.js's WebGPU backend. */
import { registerKernel, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { DEPTHWISE, DEPTHWISE_KERNEL_GRADIENT, GATHERED } from '../names.ts';
import { depthwise } from './depthwise.ts';
import { gathered, type Lists } from './gathered.ts';
import { kernelGradient } from './kernelGradient.ts';

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
    [GATHERED]: ({ inputs }) => {
      const { x, starts, rows, weights } = inputs as Record<'x' | keyof Lists, TensorInfo>;
      return gathered(backend, x, { starts, rows, weights });
    },
  };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
  }
}
