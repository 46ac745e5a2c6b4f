/** What the WebGPU backend does meanwhile. */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend } from '@tensorflow/tfjs-core';

function webgpu(): WebGPUBackend {
  const current = backend();
  if (!(current instanceof WebGPUBackend)) throw new Error('The backend is another one.');
  return current;
}

/** Pipelines that are compiled meanwhile. */
export async function compiledDuring(action: () => Promise<void>): Promise<number> {
  const { device } = webgpu();
  const create = device.createComputePipeline.bind(device);
  let count = 0;
  device.createComputePipeline = (descriptor) => {
    count += 1;
    return create(descriptor);
  };
  await action();
  device.createComputePipeline = create;
  return count;
}
