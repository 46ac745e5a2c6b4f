/** Registers single kernels of a backend, but for those that something has registered before. */
import { getKernel, registerKernel, type KernelConfig } from '@tensorflow/tfjs-core';

export function registerUsed(backendName: string, kernels: readonly KernelConfig[]): void {
  for (const kernel of kernels) {
    // The name is the kernel's own; its types say that a kernel is always found.
    const known = getKernel(kernel.kernelName, backendName) as KernelConfig | undefined;
    if (known === undefined) registerKernel(kernel);
  }
}
