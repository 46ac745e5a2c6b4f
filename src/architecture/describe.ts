/** An `Architecture` in words, for those who listen to the figure. */
import type { Architecture } from './architecture.ts';
import { receptiveField } from './receptiveField.ts';

const times = (sizes: readonly number[]): string => sizes.map((size) => Math.round(size)).join('×');

/**
 * One sentence on block `i`, counted from 0:
 * `block 2: 12 of 32 channels, 5×7 kernel, sees 19×19, grid 18×18, 14 % of the cost`.
 */
export function describeBlock(architecture: Architecture, i: number): string {
  const block = architecture.blocks[i];
  if (block === undefined)
    throw new RangeError(`There is no block ${i + 1}; the network has ${architecture.blocks.length}.`);
  if (!block.kept) return `block ${i + 1}: gone, its gate is ${block.gate.toFixed(2)}`;
  const share = architecture.macs > 0 ? Math.round((100 * block.macs) / architecture.macs) : 0;
  const parts = [
    `${block.width.outer} of ${architecture.full.width.outer} channels`,
    `${times(block.kernel)} kernel${block.convolution === 'spectral' ? ' by way of spectra' : ''}`,
    `sees ${times(receptiveField(architecture)[i] ?? [])}`,
    `grid ${times(block.grid)}`,
    `${share} % of the cost`,
  ];
  return `block ${i + 1}: ${parts.join(', ')}`;
}

/** The whole network, a sentence a block. */
export function describeArchitecture(architecture: Architecture): string {
  const kept = architecture.blocks.filter((block) => block.kept).length;
  const sentences = architecture.blocks.map((_, i) => `${describeBlock(architecture, i)}.`);
  return [`The network runs ${kept} of ${architecture.blocks.length} blocks.`, ...sentences].join(' ');
}
