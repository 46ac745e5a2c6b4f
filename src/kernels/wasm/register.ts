/** Our own kernels for TF.js's wasm backend: a second WebAssembly module that works in the first one's memory. */
import { registerKernel, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  BANDED,
  COMPLEX_PRODUCT,
  DEPTHWISE,
  DEPTHWISE_KERNEL_GRADIENT,
  GROUPED_PRODUCT,
  PRODUCT,
  TRANSPOSED_PRODUCT,
} from '../names.ts';
import { BINARY } from './binary.ts';

type Numbers = (...args: number[]) => void;

interface Exports {
  readonly banded: Numbers;
  readonly bandedTransposed: Numbers;
  readonly complexProduct: Numbers;
  readonly correlate: Numbers;
  readonly kernelGradient: Numbers;
  readonly product: Numbers;
  readonly transposedProduct: Numbers;
}

/** The memory that the backend's module works in; its name there is minified away. */
function memoryOf(module: BackendWasm['wasm']): WebAssembly.Memory {
  const exported: unknown = 'asm' in module ? module.asm : undefined;
  const values: unknown[] = typeof exported === 'object' && exported !== null ? Object.values(exported) : [];
  const memory = values.find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error('the WebAssembly backend shows no memory');
  return memory;
}

async function instantiate(memory: WebAssembly.Memory): Promise<Exports> {
  const bytes = Uint8Array.from(atob(BINARY), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const named = (name: keyof Exports): Numbers => {
    const value = instance.exports[name];
    if (typeof value !== 'function') throw new Error(`the WebAssembly kernels lack ${name}`);
    return (...args) => void Reflect.apply(value, undefined, args);
  };
  return {
    banded: named('banded'),
    bandedTransposed: named('bandedTransposed'),
    complexProduct: named('complexProduct'),
    correlate: named('correlate'),
    kernelGradient: named('kernelGradient'),
    product: named('product'),
    transposedProduct: named('transposedProduct'),
  };
}

let installed = false;

/** Registers the kernels; call once the backend is up. There is one backend of that name as long as a page or process lives. */
export async function installWasmKernels(backend: BackendWasm): Promise<void> {
  if (installed) return;
  installed = true;
  const exports = await instantiate(memoryOf(backend.wasm));
  const kernels = {
    [BANDED]: bandedWith(backend, exports),
    [COMPLEX_PRODUCT]: complexProductWith(backend, exports),
    [DEPTHWISE]: correlateWith(backend, exports),
    [DEPTHWISE_KERNEL_GRADIENT]: gradientWith(backend, exports),
    [GROUPED_PRODUCT]: groupedProductWith(backend, exports),
    [PRODUCT]: productWith(backend, exports),
    [TRANSPOSED_PRODUCT]: transposedProductWith(backend, exports),
  };
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
}

/** Byte offset of a tensor's data in the backend's memory. */
function offsetOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Calls back with scratch memory of `bytes` bytes. */
function withScratch(backend: BackendWasm, bytes: number, use: (offset: number) => void): void {
  const scratch = backend.makeOutput([Math.ceil(bytes / 4)], 'float32');
  use(offsetOf(backend, scratch));
  backend.disposeData(scratch.dataId);
}

function paddedBytes(height: number, width: number, channels: number, kernel: readonly [number, number]): number {
  return 4 * (height + kernel[0] - 1) * (width + kernel[1] - 1) * channels;
}

function bandedWith(backend: BackendWasm, { banded, bandedTransposed }: Exports): KernelFunc {
  return ({ inputs, attrs }) => {
    const { x, columns, values } = inputs as { x: TensorInfo; columns: TensorInfo; values: TensorInfo };
    const [before = 0, entries = 0, after = 0] = x.shape;
    const [to = 0, width = 0] = columns.shape;
    const size = Number(attrs?.['size']);
    const transposed = attrs?.['transposed'] === true;
    const y = backend.makeOutput([before, size, after], 'float32');
    (transposed ? bandedTransposed : banded)(
      offsetOf(backend, x),
      offsetOf(backend, columns),
      offsetOf(backend, values),
      offsetOf(backend, y),
      before,
      transposed ? size : entries,
      to,
      after,
      width,
    );
    return y;
  };
}

function correlateWith(backend: BackendWasm, { correlate }: Exports): KernelFunc {
  return ({ inputs, attrs }) => {
    const { x, kernel } = inputs as { x: TensorInfo; kernel: TensorInfo };
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    const [kernelHeight = 0, kernelWidth = 0] = kernel.shape;
    const y = backend.makeOutput(x.shape, 'float32');
    withScratch(backend, paddedBytes(height, width, channels, [kernelHeight, kernelWidth]), (padded) => {
      correlate(
        offsetOf(backend, x),
        offsetOf(backend, kernel),
        offsetOf(backend, y),
        padded,
        batch,
        height,
        width,
        channels,
        kernelHeight,
        kernelWidth,
        attrs?.['flip'] === true ? 1 : 0,
      );
    });
    return y;
  };
}

function gradientWith(backend: BackendWasm, { kernelGradient }: Exports): KernelFunc {
  return ({ inputs, attrs }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const kernelHeight = Number(attrs?.['kernelHeight']);
    const kernelWidth = Number(attrs?.['kernelWidth']);
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    const gradient = backend.makeOutput([kernelHeight, kernelWidth, channels], 'float32');
    const padded = paddedBytes(height, width, channels, [kernelHeight, kernelWidth]);
    const sums = 16 * kernelHeight * kernelWidth * Math.ceil(channels / 4);
    withScratch(backend, padded + sums + 16, (scratch) => {
      kernelGradient(
        offsetOf(backend, x),
        offsetOf(backend, dy),
        offsetOf(backend, gradient),
        scratch,
        scratch + padded,
        batch,
        height,
        width,
        channels,
        kernelHeight,
        kernelWidth,
      );
    });
    return gradient;
  };
}

function productWith(backend: BackendWasm, { product }: Exports): KernelFunc {
  return ({ inputs }) => {
    const { x, w, bias } = inputs as { x: TensorInfo; w: TensorInfo; bias?: TensorInfo };
    const [rows = 0, inner = 0] = x.shape;
    const columns = w.shape[1] ?? 0;
    const y = backend.makeOutput([rows, columns], 'float32');
    const biasOffset = bias === undefined ? 0 : offsetOf(backend, bias);
    product(offsetOf(backend, x), offsetOf(backend, w), biasOffset, offsetOf(backend, y), rows, inner, columns);
    return y;
  };
}

function complexProductWith(backend: BackendWasm, { complexProduct }: Exports): KernelFunc {
  return ({ inputs, attrs }) => {
    const { x, y } = inputs as { x: TensorInfo; y: TensorInfo };
    const [before = 0, bins = 0, , channels = 0] = x.shape;
    const z = backend.makeOutput(x.shape, 'float32');
    const shared = y.shape[0] === 1 ? 1 : 0;
    const conjugate = attrs?.['conjugate'] === true ? 1 : 0;
    const [first, second, to] = [x, y, z].map((tensor) => offsetOf(backend, tensor)) as [number, number, number];
    complexProduct(first, second, to, before, bins, channels, shared, conjugate);
    return z;
  };
}

function groupedProductWith(backend: BackendWasm, { product }: Exports): KernelFunc {
  return ({ inputs }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const [before = 0, , , after = 0] = x.shape;
    const [groups = 0, outer = 0, inner = 0] = w.shape;
    const y = backend.makeOutput([before, groups, outer, after], 'float32');
    const [from, matrices, to] = [x, w, y].map((tensor) => offsetOf(backend, tensor)) as [number, number, number];
    for (let line = 0; line < before * groups; line++) {
      const matrix = matrices + 4 * (line % groups) * outer * inner;
      product(matrix, from + 4 * line * inner * after, 0, to + 4 * line * outer * after, outer, inner, after);
    }
    return y;
  };
}

function transposedProductWith(backend: BackendWasm, { transposedProduct }: Exports): KernelFunc {
  return ({ inputs }) => {
    const { x, y } = inputs as { x: TensorInfo; y: TensorInfo };
    const [rows = 0, inner = 0] = x.shape;
    const columns = y.shape[1] ?? 0;
    const result = backend.makeOutput([inner, columns], 'float32');
    withScratch(backend, 16 * inner * Math.ceil(columns / 4), (sums) => {
      transposedProduct(
        offsetOf(backend, x),
        offsetOf(backend, y),
        offsetOf(backend, result),
        sums,
        rows,
        inner,
        columns,
      );
    });
    return result;
  };
}
