/**
 * Uploads by the queue. The backend itself makes a staging buffer for each, and ends the pass that is being recorded to copy from it.
 *
 * What is written by the queue is there before all that is submitted later. A buffer of the pool is in no command that is yet to be
 * submitted, so nothing sees the values too early.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues, DataType } from '@tensorflow/tfjs-core';

/** `backend` uploads whole and single-precision numbers in this way from now on. */
export function uploadByQueue(backend: WebGPUBackend): void {
  const upload = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const values = data.resource == null ? asTheyAre(data.values, data.dtype) : null;
    if (values === null) {
      upload(dataId);
      return;
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    data.resource = backend.bufferManager.acquireBuffer(values.byteLength, usage);
    backend.queue.writeBuffer(data.resource, 0, values);
    // From here on they are on the device alone.
    Reflect.set(data, 'values', null);
  };
}

/** Values that lie in memory as they do on the device; null where they do not, and where there are none. */
function asTheyAre(values: BackendValues | null, dtype: DataType): ArrayBufferView<ArrayBuffer> | null {
  if (values instanceof Float32Array) return dtype === 'float32' ? alone(values) : null;
  return values instanceof Int32Array && dtype === 'int32' ? alone(values) : null;
}

function alone(values: Float32Array | Int32Array): ArrayBufferView<ArrayBuffer> | null {
  return values.length > 0 && isUnshared(values) ? values : null;
}

function isUnshared(view: ArrayBufferView): view is ArrayBufferView<ArrayBuffer> {
  return view.buffer instanceof ArrayBuffer;
}
