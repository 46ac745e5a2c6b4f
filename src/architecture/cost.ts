/**
 * Multiply–accumulates (MAC) of one forward pass of one sample, counted from what is really run (METHOD: DNArch, §3.4).
 *
 * One formula, two uses: with integers it is the figure on the screen, with dual numbers it is differentiable.
 * Counted are matrix products and depthwise convolutions, which may be matrix products; elementwise operations are not.
 */
import { product, type Algebra } from './algebra.ts';
import { convolutionCost, type ConvolutionPlan } from './convolution.ts';

/** The sizes of one block that is run. */
export interface BlockSizes<T> {
  /** How much of the block counts, in [0, 1]: 1 for a block that is run; a fraction where depth is real-valued. */
  readonly presence: T;
  /** The block's grid, an axis. */
  readonly grid: readonly T[];
  /** Whether the stream is resampled to that grid, an axis; where not, the axis keeps its size. */
  readonly resampled: readonly boolean[];
  /** Taps, an axis. */
  readonly kernel: readonly T[];
  readonly inner: T;
  readonly outer: T;
  /** Whether the sizes are those that are run, rather than real numbers between. */
  readonly whole: boolean;
}

/** What the cost depends on besides the sizes. */
export interface CostContext {
  readonly grid: readonly number[];
  readonly channels: number;
  /** Whether the input is tokens, whose lift is a look-up, rather than numbers. */
  readonly tokens: boolean;
  readonly periodic: boolean;
  readonly kind: 'classes' | 'dense';
  readonly outputs: number;
  /** Kernels and resampling matrices are made once a batch: their cost is shared by its samples. */
  readonly batch: number;
  /** Hidden width and number of filters of the kernel network. */
  readonly generator: { readonly hidden: number; readonly filters: number };
}

/**
 * The ways to resample along one axis. On short axes two exact ones, of which the cheaper one is run; on long ones a band of
 * the operator, which leaves out what is smallest in it.
 */
export type ResamplingPlan = 'assembled' | 'factored' | 'banded';

/** Longest axis that is resampled exactly, and how many entries a row of the band has, a multiple of 8. */
export const LONGEST_EXACT = 64;
export const BAND = 32;

interface AxisCost<T> {
  readonly plan: ResamplingPlan;
  readonly macs: T;
}

/**
 * Cost of resampling `lines` lines of a sample from `from` to `to` entries.
 * `assembled`: R = A·(m ⊙ B) once a batch, then one product a line. `factored`: to the spectrum and back, a line. `banded`: a
 * few products an entry; the band itself is made beside the network, on the host.
 */
export function resamplingCost<T>(a: Algebra<T>, from: T, to: T, lines: T, batch: number): AxisCost<T> {
  if (a.value(from) > LONGEST_EXACT) return { plan: 'banded', macs: product(a, [lines, to, a.constant(BAND)]) };
  const kept = a.value(to) < a.value(from) ? to : from;
  const applied = a.multiply(lines, a.multiply(from, to));
  const made = a.multiply(a.constant(1 / batch), a.multiply(kept, a.multiply(from, to)));
  const assembled = a.add(made, applied);
  const factored = a.multiply(lines, a.multiply(kept, a.add(from, to)));
  return a.value(assembled) <= a.value(factored)
    ? { plan: 'assembled', macs: assembled }
    : { plan: 'factored', macs: factored };
}

/** Resampling a grid axis by axis, from the first; `resampled` says which axes change. A null plan leaves the axis. */
export function gridResampling<T>(
  a: Algebra<T>,
  from: readonly T[],
  to: readonly T[],
  resampled: readonly boolean[],
  channels: T,
  batch: number,
): { plans: (ResamplingPlan | null)[]; macs: T } {
  let macs = a.constant(0);
  const current = [...from];
  const plans = to.map((size, axis) => {
    const before = current[axis];
    if (before === undefined || resampled[axis] !== true) return null;
    const lines = product(a, [channels, ...current.filter((_, other) => other !== axis)]);
    const cost = resamplingCost(a, before, size, lines, batch);
    macs = a.add(macs, cost.macs);
    current[axis] = size;
    return cost.plan;
  });
  return { plans, macs };
}

/** Cost of making one kernel of `taps` taps and `channels` channels with the kernel network, a sample. */
function kernelCost<T>(a: Algebra<T>, taps: T, channels: T, dimensions: number, context: CostContext): T {
  const { hidden, filters } = context.generator;
  // The filters' phases, the mixing between filters, and the output layer.
  const perTap = a.add(
    a.constant(dimensions * hidden * filters + hidden * hidden * (filters - 1)),
    a.multiply(a.constant(hidden), channels),
  );
  return a.multiply(a.constant(1 / context.batch), a.multiply(taps, perTap));
}

export interface NetworkCost<T> {
  /** One entry a block given, before the presence is applied: what it costs when it is run. */
  readonly blocks: readonly T[];
  /** How each of them convolves. */
  readonly convolutions: readonly ConvolutionPlan[];
  /** Lift and head. */
  readonly ends: T;
  readonly total: T;
}

/** Lift and first resampling. Both are linear and the lift is pointwise, so their order is free; the cheaper one is run. */
export function liftCost<T>(
  a: Algebra<T>,
  context: CostContext,
  first: Pick<BlockSizes<T>, 'grid' | 'resampled' | 'outer'>,
): { readonly resampledFirst: boolean; readonly lift: T; readonly resampling: T } {
  const full = context.grid.map((n) => a.constant(n));
  const resampling = (channels: T): T =>
    gridResampling(a, full, first.grid, first.resampled, channels, context.batch).macs;
  const liftAt = (grid: readonly T[]): T => product(a, [...grid, a.constant(context.channels), first.outer]);
  // Tokens are no numbers and have to be lifted first, by looking them up.
  if (context.tokens) return { resampledFirst: false, lift: a.constant(0), resampling: resampling(first.outer) };
  const before = { lift: liftAt(full), resampling: resampling(first.outer) };
  const after = { lift: liftAt(first.grid), resampling: resampling(a.constant(context.channels)) };
  const total = ({ lift, resampling }: typeof before): number => a.value(lift) + a.value(resampling);
  const resampledFirst = total(after) < total(before);
  return { resampledFirst, ...(resampledFirst ? after : before) };
}

/** Cost of the network made of `blocks`, in their order. There must be at least one. */
export function networkCost<T>(a: Algebra<T>, context: CostContext, blocks: readonly BlockSizes<T>[]): NetworkCost<T> {
  const first = blocks[0];
  if (first === undefined) throw new Error('A network needs at least one block to have a cost.');
  const fullGrid = context.grid.map((n) => a.constant(n));
  let grid: readonly T[] = fullGrid;
  const { lift, resampling: firstResampling } = liftCost(a, context, first);
  let width = first.outer;
  let total = a.constant(0);
  const convolutions: ConvolutionPlan[] = [];
  const costs = blocks.map((block) => {
    const resampling =
      block === first
        ? firstResampling
        : gridResampling(a, grid, block.grid, block.resampled, width, context.batch).macs;
    const points = product(a, block.grid);
    const taps = product(a, block.kernel);
    const convolution = convolutionCost(a, { ...context, ...block, channels: width });
    convolutions.push(convolution.plan);
    const mixing = product(a, [points, block.inner, a.add(width, block.outer)]);
    const kernel = kernelCost(a, taps, width, block.grid.length, context);
    const macs = a.add(a.add(resampling, kernel), a.add(convolution.macs, mixing));
    total = a.add(total, a.multiply(block.presence, macs));
    // A block that is not run leaves the stream as it is.
    if (a.value(block.presence) >= 0.5) {
      grid = block.grid;
      width = block.outer;
    }
    return macs;
  });
  const ends = a.add(lift, headCost(a, context, grid, fullGrid, width));
  return { blocks: costs, convolutions, ends, total: a.add(total, ends) };
}

function headCost<T>(a: Algebra<T>, context: CostContext, grid: readonly T[], fullGrid: readonly T[], width: T): T {
  const outputs = a.constant(context.outputs);
  if (context.kind === 'classes') return a.multiply(width, outputs);
  const changed = grid.map((size, axis) => a.value(size) < (context.grid[axis] ?? 0));
  const upsampling = gridResampling(a, grid, fullGrid, changed, outputs, context.batch).macs;
  return a.add(product(a, [...grid, width, outputs]), upsampling);
}
