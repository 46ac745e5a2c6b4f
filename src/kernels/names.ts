/** Names under which our own kernels stand in TF.js's registry, for the backends that have one. */
import { getBackend, getKernelsForBackend } from '@tensorflow/tfjs-core';

/** Inputs `x`, `kernel`; attribute `flip`: see `depthwise2d`. */
export const DEPTHWISE = 'DnarchDepthwise';
/** Inputs `x`, `dy`; attributes `kernelHeight`, `kernelWidth`. */
export const DEPTHWISE_KERNEL_GRADIENT = 'DnarchDepthwiseKernelGradient';

/** Inputs `x`, `w` and, where there is one, `bias`: x·w + bias. */
export const PRODUCT = 'DnarchProduct';
/** Inputs `x`, `y`: xᵀ·y. */
export const TRANSPOSED_PRODUCT = 'DnarchTransposedProduct';

/**
 * The products of `DeviceBand`: inputs `x`, `firsts` and `rows`, `[1 or 2, to, width]`, values and slopes; attributes `from` and `periodic`, and
 * `transposed` for the one. The other has an input `dy` and is one number. A backend has all three or none.
 */
export const BANDED = 'DnarchBanded';
export const BANDED_SLOPE = 'DnarchBandedSlope';
/** Inputs `fractions`, `table`; attribute `width` of a row: values and slopes, see `rowsOfTable`. */
export const BAND_ROWS = 'DnarchBandRows';

/** Inputs `table`, `indices`: see `embed`. */
export const EMBED = 'DnarchEmbed';

/** Inputs `x`, `w`: see `groupedProduct`. */
export const GROUPED_PRODUCT = 'DnarchGroupedProduct';
/** Inputs `x`, `y`; attribute `conjugate`: see `complexProduct`. */
export const COMPLEX_PRODUCT = 'DnarchComplexProduct';

/** Inputs `logits`, `target`, `weights`; attribute `overlap`: see `crossEntropy` and `overlap`. */
export const CROSS_ENTROPY = 'DnarchCrossEntropy';
/** Inputs `logits`, `target`, `weights`, `dy` `[2]`: the loss's gradient in the logits. A backend that has the one has the other. */
export const CROSS_ENTROPY_GRADIENT = 'DnarchCrossEntropyGradient';

/** Whether the current backend has the kernel of that name. */
export function hasKernel(name: string): boolean {
  const backend = getBackend();
  let known = knownKernels.get(backend);
  if (known === undefined) {
    known = new Set(getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
    knownKernels.set(backend, known);
  }
  return known.has(name);
}

/** A backend's kernels are all registered before it is first used. */
const knownKernels = new Map<string, ReadonlySet<string>>();
