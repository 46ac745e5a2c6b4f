/** What a program's calls are bound to, kept for calls to come: a step's are mostly those of the step before. */

/** Most uniforms of a program that are kept. */
const KEPT = 256;
/** Most bind groups that are kept of each. */
const GROUPS = 32;

interface Uniforms {
  readonly buffer: GPUBuffer;
  /** By the numbers of the other buffers. */
  readonly groups: Map<string, GPUBindGroup>;
}

const numbers = new WeakMap<GPUBuffer, number>();
let count = 0;

function numberOf(buffer: GPUBuffer): number {
  let number = numbers.get(buffer);
  if (number === undefined) numbers.set(buffer, (number = count++));
  return number;
}

export class Bindings {
  readonly #device: GPUDevice;
  readonly #layout: GPUBindGroupLayout;
  /** By their values, in the order of their last use. */
  readonly #kept = new Map<string, Uniforms>();

  constructor(device: GPUDevice, pipeline: GPUComputePipeline) {
    this.#device = device;
    this.#layout = pipeline.getBindGroupLayout(0);
  }

  /** Binds buffers in their order, and after them the uniforms: whole numbers first. */
  get(
    buffers: readonly GPUBuffer[],
    integers: Readonly<Record<string, number>>,
    floats: Readonly<Record<string, number>>,
  ): GPUBindGroup {
    const uniforms = this.#uniforms(Object.values(integers), Object.values(floats));
    const key = buffers.map(numberOf).join();
    const found = uniforms.groups.get(key);
    if (found !== undefined) return renewed(uniforms.groups, key, found, GROUPS);
    const group = this.#device.createBindGroup({
      layout: this.#layout,
      entries: [...buffers, uniforms.buffer].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    return renewed(uniforms.groups, key, group, GROUPS);
  }

  #uniforms(integers: readonly number[], floats: readonly number[]): Uniforms {
    const key = `${integers.join()};${floats.join()}`;
    const found = this.#kept.get(key);
    if (found !== undefined) return renewed(this.#kept, key, found, KEPT);
    const size = 4 * (integers.length + floats.length);
    const buffer = this.#device.createBuffer({ size, usage: GPUBufferUsage.UNIFORM, mappedAtCreation: true });
    const bytes = buffer.getMappedRange();
    new Int32Array(bytes, 0, integers.length).set(integers);
    new Float32Array(bytes, 4 * integers.length).set(floats);
    buffer.unmap();
    return renewed(this.#kept, key, { buffer, groups: new Map<string, GPUBindGroup>() }, KEPT);
  }
}

/** Puts `value` at the end of `map`, of which no more than `most` stay; what leaves may still be in use, so it is not destroyed. */
function renewed<T>(map: Map<string, T>, key: string, value: T, most: number): T {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
  return value;
}
