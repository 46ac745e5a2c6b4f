/** WebGPU in Node, by Dawn: made global as a browser has it, with counts of what is asked of it. */
import { create, globals } from 'webgpu';

export interface Counts {
  dispatches: number;
  pipelines: number;
}

/** Since the process started. */
export const counts: Counts = { dispatches: 0, pipelines: 0 };

export interface Adapter {
  readonly device: string;
  readonly software: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software/i;

/** Must run before the backend is imported. Rejects where there is no adapter. */
export async function openWebgpu(): Promise<Adapter> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node' }, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('no WebGPU adapter was found');
  count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches');
  count(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', 'dispatches');
  count(GPUDevice.prototype, 'createComputePipeline', 'pipelines');
  count(GPUDevice.prototype, 'createComputePipelineAsync', 'pipelines');
  const { vendor, architecture, device, description } = adapter.info;
  const words = description || [vendor, architecture, device].filter(Boolean).join(' ');
  return { device: words, software: SOFTWARE.test(`${words} ${architecture}`) };
}

function count(prototype: object, method: string, what: keyof Counts): void {
  const original: unknown = Reflect.get(prototype, method);
  if (typeof original !== 'function') throw new Error(`WebGPU has no ${method} here`);
  Reflect.set(prototype, method, function (this: unknown, ...args: unknown[]): unknown {
    counts[what] += 1;
    return Reflect.apply(original, this, args) as unknown;
  });
}
