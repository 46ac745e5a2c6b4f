/** Our own kernels for TF.js's wasm backend: a second WebAssembly module that works in the first one's memory. */
import { Identity, registerKernel, unregisterKernel, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  BAND_ROWS,
  BANDED,
  BANDED_SLOPE,
  COMPLEX_PRODUCT,
  DEPTHWISE,
  DEPTHWISE_KERNEL_GRADIENT,
  EMBED,
  GROUPED_PRODUCT,
  PRODUCT,
  TRANSPOSED_PRODUCT,
} from '../names.ts';
import { registerPrograms } from '../programs.ts';
import { instantiate, offsetOf, withScratch, type Own } from './module.ts';
import { programsOn } from './programs.ts';
import { CHUNK, vectored } from './views.ts';

/** Pixels beyond the last one that the module's convolutions read; its AHEAD. */
const AHEAD = 5;

let installed = false;

/** Registers the kernels; call once the backend is up. There is one backend of that name as long as a page or process lives. */
export async function installWasmKernels(backend: BackendWasm): Promise<void> {
  if (installed) return;
  installed = true;
  const own = await instantiate(backend);
  const kernels = {
    [BAND_ROWS]: bandRowsWith(own),
    [BANDED]: bandedWith(own),
    [BANDED_SLOPE]: bandedSlopeWith(own),
    [COMPLEX_PRODUCT]: complexProductWith(own),
    [DEPTHWISE]: correlateWith(own),
    [DEPTHWISE_KERNEL_GRADIENT]: gradientWith(own),
    [EMBED]: embedWith(own),
    [GROUPED_PRODUCT]: groupedProductWith(own),
    [PRODUCT]: productWith(own),
    [TRANSPOSED_PRODUCT]: transposedProductWith(own),
    [Identity]: shareWith(own),
  };
  // TF.js's own gives way.
  unregisterKernel(Identity, 'wasm');
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
  registerPrograms('wasm', programsOn(own));
}

/** TF.js's own copies the data, of every tensor that the tape keeps. */
function shareWith({ backend }: Own): KernelFunc {
  return ({ inputs }) => {
    const { x } = inputs as { x: TensorInfo };
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  };
}

/** Numbers of a sample with zeros around it and behind its channels, and of what is read beyond it. */
function paddedSize(height: number, width: number, channels: number, kernel: readonly [number, number]): number {
  return vectored((height + kernel[0] - 1) * (width + kernel[1] - 1) + AHEAD, channels);
}

function bandedWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs, attrs }) => {
    const { x, firsts, rows } = inputs as Record<'x' | 'firsts' | 'rows', TensorInfo>;
    const [before = 0, entries = 0, after = 0] = x.shape;
    const [, to = 0, width = 0] = rows.shape;
    const from = Number(attrs?.['from']);
    const [periodic, transposed] = [Number(attrs?.['periodic']), Number(attrs?.['transposed'])];
    const size = transposed === 1 ? from : to;
    const y = backend.makeOutput([before, size, after], 'float32');
    withScratch(own, after < 4 ? before * after * (entries + size) : 0, (scratch) => {
      const at = [x, firsts, rows, y].map((tensor) => offsetOf(own, tensor));
      exports.banded(...at, before, from, to, after, width, periodic, transposed, scratch);
    });
    return y;
  };
}

function bandedSlopeWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs, attrs }) => {
    const { x, dy, firsts, rows } = inputs as Record<'x' | 'dy' | 'firsts' | 'rows', TensorInfo>;
    const [before = 0, from = 0, after = 0] = x.shape;
    const [, to = 0, width = 0] = rows.shape;
    const sum = backend.makeOutput([1], 'float32');
    withScratch(own, before * after * (after < 4 ? from + 2 * to : to), (scratch) => {
      const slopes = offsetOf(own, rows) + 4 * to * width;
      const at = [x, dy, firsts].map((tensor) => offsetOf(own, tensor));
      const sizes = [before, from, to, after, width, Number(attrs?.['periodic'])];
      exports.bandedSlope(...at, slopes, offsetOf(own, sum), ...sizes, scratch);
    });
    return sum;
  };
}

function bandRowsWith(own: Own): KernelFunc {
  return ({ inputs, attrs }) => {
    const { fractions, table } = inputs as { fractions: TensorInfo; table: TensorInfo };
    const [to = 0] = fractions.shape;
    const [, points = 0] = table.shape;
    const width = Number(attrs?.['width']);
    const rows = own.backend.makeOutput([2, to, width], 'float32');
    const fineness = (2 * (points - 3)) / width;
    withScratch(own, 2 * fineness * (width / 2 + 4), (scratch) => {
      const at = [fractions, table, rows].map((tensor) => offsetOf(own, tensor));
      own.exports.bandRows(...at, to, width, points, scratch);
    });
    return rows;
  };
}

function correlateWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs, attrs }) => {
    const { x, kernel } = inputs as { x: TensorInfo; kernel: TensorInfo };
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    const [kernelHeight = 0, kernelWidth = 0] = kernel.shape;
    const y = backend.makeOutput(x.shape, 'float32');
    const size = paddedSize(height, width, channels, [kernelHeight, kernelWidth]);
    const wide = vectored(kernelHeight * kernelWidth, channels);
    withScratch(own, size + wide, (padded) => {
      exports.correlate(
        offsetOf(own, x),
        offsetOf(own, kernel),
        offsetOf(own, y),
        padded,
        padded + 4 * size,
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

function gradientWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs, attrs }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const kernelHeight = Number(attrs?.['kernelHeight']);
    const kernelWidth = Number(attrs?.['kernelWidth']);
    const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
    const gradient = backend.makeOutput([kernelHeight, kernelWidth, channels], 'float32');
    const padded = paddedSize(height, width, channels, [kernelHeight, kernelWidth]);
    const sums = vectored(kernelHeight * kernelWidth, channels);
    const wide = vectored(height * width, channels);
    withScratch(own, padded + sums + wide, (scratch) => {
      exports.kernelGradient(
        offsetOf(own, x),
        offsetOf(own, dy),
        offsetOf(own, gradient),
        scratch,
        scratch + 4 * padded,
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

/** TF.js's own looks up number by number, which takes as long as all the rest of a small network. */
function embedWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs }) => {
    const { table, indices } = inputs as { table: TensorInfo; indices: TensorInfo };
    const [rows = 0] = indices.shape;
    const columns = table.shape[1] ?? 0;
    const y = backend.makeOutput([rows, columns], 'float32');
    exports.embed(offsetOf(own, table), offsetOf(own, indices), offsetOf(own, y), rows, columns);
    return y;
  };
}

function productWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs }) => {
    const { x, w, bias } = inputs as { x: TensorInfo; w: TensorInfo; bias?: TensorInfo };
    const [rows = 0, inner = 0] = x.shape;
    const columns = w.shape[1] ?? 0;
    const y = backend.makeOutput([rows, columns], 'float32');
    withScratch(own, inner * (columns + 4), (scratch) => {
      const [from, to] = [offsetOf(own, x), offsetOf(own, y)];
      const [matrix, added] = [offsetOf(own, w), offsetOf(own, bias ?? null)];
      exports.product(from, rows, 1, matrix, columns, inner, columns, 0, 0, 0, added, to, scratch);
    });
    return y;
  };
}

function complexProductWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs, attrs }) => {
    const { x, y } = inputs as { x: TensorInfo; y: TensorInfo };
    const [before = 0, bins = 0, , channels = 0] = x.shape;
    const z = backend.makeOutput(x.shape, 'float32');
    const shared = y.shape[0] === 1 ? 1 : 0;
    const conjugate = attrs?.['conjugate'] === true ? 1 : 0;
    const [first, second] = [offsetOf(own, x), offsetOf(own, y)];
    exports.complexProduct(first, second, offsetOf(own, z), before, bins, channels, shared, conjugate);
    return z;
  };
}

function groupedProductWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const [before = 0, , , after = 0] = x.shape;
    const [groups = 0, outer = 0, inner = 0] = w.shape;
    const y = backend.makeOutput([before, groups, outer, after], 'float32');
    withScratch(own, 4 * inner, (scratch) => {
      const [from, matrices] = [offsetOf(own, x), offsetOf(own, w)];
      exports.groupedProduct(from, matrices, offsetOf(own, y), before, groups, outer, inner, after, scratch);
    });
    return y;
  };
}

function transposedProductWith(own: Own): KernelFunc {
  const { backend, exports } = own;
  return ({ inputs }) => {
    const { x, y } = inputs as { x: TensorInfo; y: TensorInfo };
    const [rows = 0, inner = 0] = x.shape;
    const columns = y.shape[1] ?? 0;
    const result = backend.makeOutput([inner, columns], 'float32');
    withScratch(own, vectored(inner, columns) + 4 * CHUNK, (scratch) => {
      const [first, second] = [offsetOf(own, x), offsetOf(own, y)];
      exports.matrixGradient(first, second, offsetOf(own, result), rows, 1, inner, columns, 0, scratch);
    });
    return result;
  };
}
