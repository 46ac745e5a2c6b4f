/** What is asked of WebGPU, counted. */

export interface Counts {
  dispatches: number;
  pipelines: number;
}

/** Since `startCounting`. */
export const counts: Counts = { dispatches: 0, pipelines: 0 };

/** Once, where WebGPU's classes are global. */
export function startCounting(): void {
  count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches');
  count(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', 'dispatches');
  count(GPUDevice.prototype, 'createComputePipeline', 'pipelines');
  count(GPUDevice.prototype, 'createComputePipelineAsync', 'pipelines');
}

function count(prototype: object, method: string, what: keyof Counts): void {
  const original: unknown = Reflect.get(prototype, method);
  if (typeof original !== 'function') throw new Error(`WebGPU has no ${method} here`);
  Reflect.set(prototype, method, function (this: unknown, ...args: unknown[]): unknown {
    counts[what] += 1;
    return Reflect.apply(original, this, args) as unknown;
  });
}
