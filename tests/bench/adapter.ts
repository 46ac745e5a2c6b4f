/** A process of Node that measures one adapter. */
import '@tensorflow/tfjs-core';
import { create, globals } from 'webgpu';
import { wasmFiles } from '../../src/cli/backend.ts';
import { activateBackend } from '../../src/engine/backends.ts';
import { DEPTHWISE, hasKernel } from '../../src/kernels/names.ts';
import { perform, type Surroundings } from './measure.ts';
import type { AdapterName, Job, Opened } from './messages.ts';
import { torch, torchRate, type TorchDevice } from './torch.ts';
import { openWebgpu } from './webgpu.ts';

/** What PyTorch runs on here; null where it is not compared. */
let torchDevice: TorchDevice | null = null;

async function open(adapter: AdapterName): Promise<Opened> {
  if (adapter === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm/dist/register_all_kernels');
    await activateBackend('wasm', wasmFiles());
    if (!hasKernel(DEPTHWISE)) throw new Error('our kernels were not installed');
    torchDevice = 'cpu';
    return { device: 'WebAssembly, one thread', software: false };
  }
  // As a browser has it; before TF.js's backend is imported.
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent: 'Node' }, configurable: true });
  const found = await openWebgpu(adapter === 'gpu');
  if (adapter === 'gpu') torchDevice = 'gpu';
  return found;
}

const surroundings: Surroundings = {
  send: (message) => void process.send?.(message),
  open,
  torch: () => {
    const device = torchDevice;
    return device && { rate: () => torchRate(device), step: (workload) => torch(workload, device) };
  },
};

process.on('message', (job: Job) => perform(job, surroundings));
// Dawn keeps a process alive.
process.on('disconnect', () => process.exit(0));
