/** From the method's parameters to the `Architecture` value that everything else reads. */
import { NUMBERS } from '../architecture/algebra.ts';
import type { Architecture } from '../architecture/architecture.ts';
import { networkCost } from '../architecture/cost.ts';
import { costContext, fullCost } from './budget.ts';
import { DEPTH_TEMPERATURE, type NetworkConfig } from './config.ts';
import { sigmoidMaskAt, THRESHOLD_SIGMAS } from './masks.ts';
import { parameterLayout } from './parameters.ts';
import { integerSizes } from './sizes.ts';

/** Width of a kernel's Gaussian mask in kernel coordinates, where 1 is half the input's extent. */
export function kernelSigma(config: NetworkConfig, extent: number, axis: number): number {
  return (extent * config.kernel) / (config.grid[axis] ?? 1) / THRESHOLD_SIGMAS;
}

export function describeArchitecture(config: NetworkConfig, parameters: Float64Array): Architecture {
  const layout = parameterLayout(config);
  const at = (index: number): number => parameters[index] ?? 0;
  const sizes = integerSizes(config, parameters);
  const cost = networkCost(NUMBERS, costContext(config), sizes.blocks.slice(0, sizes.kept));
  let before: readonly number[] = config.grid;
  const blocks = sizes.blocks.map((size, block) => {
    const from = before;
    before = size.grid;
    return {
      kept: block < sizes.kept,
      gate: sigmoidMaskAt((block + 0.5) / config.blocks, at(layout.depth), DEPTH_TEMPERATURE * config.blocks),
      grid: [...size.grid],
      stride: size.grid.map((n, axis) => (from[axis] ?? n) / n),
      kernel: [...size.kernel],
      ...(block < sizes.kept && cost.convolutions[block]?.algorithm === 'spectral'
        ? { convolution: 'spectral' as const }
        : {}),
      sigma: size.grid.map((_, axis) => kernelSigma(config, at(layout.kernel(block, axis)), axis)),
      width: { inner: size.inner, outer: size.outer },
      macs: Math.round(cost.blocks[block] ?? 0),
    };
  });
  return {
    version: 1,
    input: {
      grid: [...config.grid],
      channels: config.tokens ? 1 : config.channels,
      ...(config.tokens ? { tokens: config.channels } : {}),
      ...(config.periodic ? { periodic: true } : {}),
    },
    output: { kind: config.kind, channels: config.outputs },
    blocks,
    full: {
      blocks: config.blocks,
      width: { inner: config.inner, outer: config.outer },
      kernel: config.grid.map((n) => Math.min(config.kernel, 2 * n - 1)),
      macs: Math.round(fullCost(config)),
    },
    macs: Math.round(cost.total),
  };
}
