/**
 * A bound on the WebGPU backend's pool of free buffers.
 *
 * The backend keeps every buffer it ever made, by exact size. Where sizes change while training, the sizes of yesterday
 * would pile up; here those that were idle for longest are destroyed once the idle ones exceed a limit.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

interface IdleSize {
  readonly size: number;
  readonly usage: GPUBufferUsageFlags;
  count: number;
}

/** Keeps the bytes of idle buffers of `backend` at `limit` or below, from now on. */
export function boundPool({ bufferManager: manager }: Pick<WebGPUBackend, 'bufferManager'>, limit: number): void {
  const acquire = manager.acquireBuffer.bind(manager);
  const release = manager.releaseBuffer.bind(manager);
  /** In the order of their last release. */
  const idle = new Map<string, IdleSize>();
  const take = (key: string): void => {
    const entry = idle.get(key);
    if (entry === undefined) return;
    entry.count -= 1;
    if (entry.count === 0) idle.delete(key);
  };
  manager.acquireBuffer = (size, usage, mappedAtCreation = false, reuse = true) => {
    if (reuse) take(`${size} ${usage}`);
    return acquire(size, usage, mappedAtCreation, reuse);
  };
  manager.releaseBuffer = (buffer, reuse = true) => {
    const { size, usage } = buffer;
    release(buffer, reuse);
    if (!reuse) return;
    const key = `${size} ${usage}`;
    const count = (idle.get(key)?.count ?? 0) + 1;
    idle.delete(key);
    idle.set(key, { size, usage, count });
    while (manager.numBytesAllocated - manager.numBytesUsed > limit) {
      const oldest = idle.entries().next().value;
      if (oldest === undefined) return;
      take(oldest[0]);
      release(acquire(oldest[1].size, oldest[1].usage), false);
    }
  };
}
