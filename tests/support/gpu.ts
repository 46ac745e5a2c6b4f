/** What the WebGPU backend does meanwhile. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';

function webgpu(): WebGPUBackend {
  const current = backend();
  if (!(current instanceof WebGPUBackend)) throw new Error('The backend is another one.');
  return current;
}

/** Pipelines that are compiled meanwhile. */
export function compiledDuring(action: () => Promise<void>): Promise<number> {
  return callsDuring(webgpu().device, 'createComputePipeline', action);
}

/** Programs that are dispatched meanwhile. */
export function dispatchedDuring(action: () => Promise<void>): Promise<number> {
  return callsDuring(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', action);
}

/** Bind groups that are made meanwhile. */
export function boundDuring(action: () => Promise<void>): Promise<number> {
  return callsDuring(webgpu().device, 'createBindGroup', action);
}

async function callsDuring(owner: object, method: string, action: () => Promise<void>): Promise<number> {
  const original: unknown = Reflect.get(owner, method);
  if (typeof original !== 'function') throw new Error(`There is no ${method}.`);
  let count = 0;
  Reflect.set(owner, method, function (this: unknown, ...args: unknown[]): unknown {
    count += 1;
    return Reflect.apply(original, this, args) as unknown;
  });
  await action();
  Reflect.set(owner, method, original);
  return count;
}
