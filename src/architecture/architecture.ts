/**
 * The `Architecture`: a plain value that says what network is really run.
 *
 * Training produces a stream of them; figures, cost, export, permalinks and descriptions are pure functions of it.
 * All sizes are integers as executed; `macs` are multiply–accumulates of one forward pass of one sample.
 */
import * as v from 'valibot';

const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const grid = v.pipe(v.array(size), v.minLength(1), v.maxLength(2));
const axes = v.pipe(v.array(v.pipe(v.number(), v.gtValue(0))), v.minLength(1), v.maxLength(2));
const macs = v.pipe(v.number(), v.minValue(0));

const block = v.object({
  /** Whether the block is run at all: its depth gate lies above the threshold. */
  kept: v.boolean(),
  /** Value of the depth mask, in [0, 1]. */
  gate: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** The grid this block works on, one entry a spatial axis: [height, width] or [length]. */
  grid,
  /** Input grid divided by the block's grid, an axis. */
  stride: axes,
  /** Kernel size in taps of the block's grid, an axis. */
  kernel: grid,
  /** How it convolves where that is not tap by tap. */
  convolution: v.exactOptional(v.literal('spectral')),
  /** Width of the Gaussian mask in kernel coordinates, where 1 is half the input's extent, an axis. */
  sigma: axes,
  /** Channels kept inside the block and on the residual stream after it. */
  width: v.object({ inner: size, outer: size }),
  /** Multiply–accumulates of this block for one sample; 0 where it is not kept. */
  macs,
});

const architecture = v.object({
  version: v.literal(1),
  input: v.object({
    grid,
    channels: size,
    /** Where the inputs are indices of tokens: how many different ones there are. */
    tokens: v.exactOptional(size),
    /** Whether the grid closes upon itself. */
    periodic: v.exactOptional(v.boolean()),
  }),
  output: v.object({ kind: v.picklist(['classes', 'dense']), channels: size }),
  blocks: v.pipe(v.array(block), v.minLength(1)),
  /** The unmasked network: what this one could have been. */
  full: v.object({
    blocks: size,
    width: v.object({ inner: size, outer: size }),
    /** Most taps a kernel can have, an axis. */
    kernel: grid,
    macs,
  }),
  /** Multiply–accumulates of one forward pass of one sample, all of it. */
  macs,
});

export type Architecture = v.InferOutput<typeof architecture>;
export type ArchitectureBlock = Architecture['blocks'][number];

/**
 * Reads an `Architecture` from untrusted data.
 * @throws Error naming the first field that is wrong, and what was expected there.
 */
export function parseArchitecture(value: unknown): Architecture {
  const result = v.safeParse(architecture, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new Error(`Not a valid architecture: ${v.getDotPath(issue) ?? 'the whole value'}: ${issue.message}`);
}
