/**
 * Crystallising: from a trained network with masks to the ordinary discrete one that computes the same (METHOD: DNArch, §3).
 *
 * Continuous kernels are sampled and masked, matrices are cropped to the channels that are kept, the frequencies' masks go into plain
 * matrices. A normalisation in inference is an affine map: with the stream's mask in it it stays before a convolution, whose zeros beyond the
 * border are zeros after the shift, and goes wholly into the head's matrix. Gates and inner masks go into the last matrix of a block.
 */
import { LONGEST_EXACT, liftCost } from '../architecture/cost.ts';
import { NUMBERS } from '../architecture/algebra.ts';
import type {
  AffineLayer,
  Branch,
  DepthwiseLayer,
  DiscreteLayer,
  DiscreteNetwork,
  PointwiseLayer,
  ResampleLayer,
} from '../architecture/discrete.ts';
import { EPSILON } from '../kernels/normalisation.ts';
import { resamplingBand } from './band.ts';
import { costContext } from './budget.ts';
import type { NetworkConfig } from './config.ts';
import { generatorShapes, kernelAt, lattice, type GeneratorValues } from './kernelNetwork.ts';
import type { Forward } from './network.ts';
import { analysisBasis, fourierAnalysis, fourierSynthesis, synthesisBasis } from './spectral.ts';

/** A normalisation's moments on the host, both `[channels]`. */
export interface SiteMoments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** A network as it was when it was frozen, on the host. */
export interface FrozenValues {
  readonly context: Pick<Forward, 'config' | 'layout' | 'sizes' | 'pack' | 'scales'>;
  /** All weights, `[size]`. */
  readonly weights: Float32Array;
  /** By site: a block's number, or the number of blocks for the head. */
  readonly moments: ReadonlyMap<number, SiteMoments>;
}

export function crystallise(frozen: FrozenValues): DiscreteNetwork {
  const { config, sizes, pack } = frozen.context;
  const kept = sizes.blocks.slice(0, sizes.kept);
  const first = kept[0];
  if (first === undefined) throw new Error('A network without blocks cannot be crystallised.');
  const lift = liftLayer(frozen, first.outer);
  const early = liftCost(NUMBERS, costContext(config), first).resampledFirst;
  const layers: DiscreteLayer[] = early ? [] : [lift];
  let grid: readonly number[] = config.grid;
  let width = first.outer;
  let streamMask = maskOf(frozen, pack.blocks[0]?.outer ?? 0);
  for (const [index, { grid: to, inner, outer }] of kept.entries()) {
    layers.push(...downwards(frozen, index, grid, to));
    if (index === 0 && early) layers.push(lift);
    grid = to;
    const own = pack.blocks[index];
    if (own === undefined) throw new Error(`Block ${index} has no masks.`);
    const gate = maskOf(frozen, pack.gates)[index] ?? 0;
    const innerMask = maskOf(frozen, own.inner);
    const branch: Branch = [
      affineLayer(frozen, index, `${index}.`, streamMask),
      depthwiseLayer(frozen, index, width),
      pointwise(cropped(frozen, `${index}.mix1`, width, inner), inner, named(frozen, `${index}.bias1`).slice(0, inner)),
      { kind: 'gelu' },
      pointwise(
        cropped(frozen, `${index}.mix2`, inner, outer).map(
          (value, at) => value * gate * (innerMask[Math.floor(at / outer)] ?? 0),
        ),
        outer,
        null,
      ),
    ];
    layers.push({ kind: 'residual', inputs: width, outputs: outer, branch });
    width = outer;
    streamMask = maskOf(frozen, own.outer);
  }
  const { scale, shift } = affineLayer(frozen, config.blocks, '', streamMask);
  const head = headLayer(frozen, scale, shift);
  if (config.kind === 'classes') layers.push({ kind: 'mean-pool' }, head);
  else layers.push(head, ...upwards(config, grid));
  return {
    version: 1,
    input: {
      grid: [...config.grid],
      channels: config.tokens ? 1 : config.channels,
      tokens: config.tokens ? config.channels : null,
    },
    output: { kind: config.kind, channels: config.outputs },
    layers,
  };
}

/** All of a weight, as it is named in the layout. */
function named({ context: { layout }, weights }: FrozenValues, name: string): Float32Array {
  const entry = layout.entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`There is no weight named ${name}.`);
  return weights.slice(entry.offset, entry.offset + entry.size);
}

/** The first rows and columns of a matrix. */
function cropped(frozen: FrozenValues, name: string, rows: number, columns: number): Float32Array {
  const { layout } = frozen.context;
  const across = layout.entries.find((candidate) => candidate.name === name)?.shape[1] ?? columns;
  const values = named(frozen, name);
  return Float32Array.from(
    { length: rows * columns },
    (_, at) => values[Math.floor(at / columns) * across + (at % columns)] ?? 0,
  );
}

/** The entries of a mask, by its position in the pack. */
function maskOf({ context: { pack } }: FrozenValues, position: number): Float32Array {
  const first = pack.lengths.slice(0, position).reduce((a, b) => a + b, 0);
  return pack.values.slice(first, first + (pack.lengths[position] ?? 0));
}

function pointwise<Bias extends Float32Array | null>(
  weights: Float32Array,
  outputs: number,
  bias: Bias,
): PointwiseLayer & { readonly bias: Bias } {
  return { kind: 'pointwise', inputs: weights.length / outputs, outputs, weights, bias };
}

function liftLayer(frozen: FrozenValues, outputs: number): DiscreteLayer {
  const { tokens, channels } = frozen.context.config;
  const table = cropped(frozen, 'lift', channels, outputs);
  return tokens ? { kind: 'embedding', tokens: channels, channels: outputs, table } : pointwise(table, outputs, null);
}

/** The norm of a site with its own moments and the stream's mask: m ⊙ ((x − mean)/√(variance + ε) ⊙ scale + shift). */
function affineLayer(frozen: FrozenValues, site: number, prefix: string, mask: Float32Array): AffineLayer {
  const moments = frozen.moments.get(site);
  if (moments === undefined) throw new Error('Calibrate a frozen network before it is crystallised.');
  const scales = named(frozen, `${prefix}scale`);
  const shifts = named(frozen, `${prefix}shift`);
  const scale = mask.map((m, c) => (m * (scales[c] ?? 0)) / Math.sqrt((moments.variance[c] ?? 0) + EPSILON));
  const shift = mask.map((m, c) => m * (shifts[c] ?? 0) - (moments.mean[c] ?? 0) * (scale[c] ?? 0));
  return { kind: 'affine', channels: mask.length, scale, shift };
}

/** ψ on the taps that survive, masked and scaled as `blockKernel` does. */
function depthwiseLayer(frozen: FrozenValues, index: number, channels: number): DepthwiseLayer {
  const { config, sizes, scales, pack } = frozen.context;
  const size = sizes.blocks[index];
  const scale = scales[index];
  if (size === undefined || scale === undefined) throw new Error(`There is no block ${index}.`);
  const generator = generatorOf(frozen, index);
  const reach = scale.reach.map((taps, axis) => (taps * (size.grid[axis] ?? 1)) / (config.grid[axis] ?? 1));
  const spacing = size.grid.reduce((ratio, n, axis) => ratio * ((scale.grid[axis] ?? n) / n), 1);
  // Of two axes the second one runs faster, as in the lattice.
  const masks = (pack.blocks[index]?.kernel ?? []).map((position) => maskOf(frozen, position));
  const windows = masks.reduce<number[]>((all, mask) => all.flatMap((m) => Array.from(mask, (own) => m * own)), [1]);
  const kernel = lattice(size.kernel, reach).flatMap((point, tap) =>
    kernelAt(generator, point)
      .slice(0, channels)
      .map((value) => value * (windows[tap] ?? 0) * scale.amplitude * spacing),
  );
  return {
    kind: 'depthwise',
    taps: [...size.kernel],
    channels,
    border: config.periodic ? 'around' : 'zeros',
    kernel: Float32Array.from(kernel),
  };
}

function generatorOf(frozen: FrozenValues, index: number): GeneratorValues {
  const own = (name: keyof ReturnType<typeof generatorShapes>): Float32Array => named(frozen, `${index}.${name}`);
  return {
    frequency: own('frequency'),
    phase: own('phase'),
    steepness: own('steepness'),
    centre: own('centre'),
    mixing: own('mixing'),
    mixingBias: own('mixingBias'),
    output: own('output'),
    outputBias: own('outputBias'),
  };
}

/** The head with the norm before it: W' = scale ⊙ W, b' = b + shift·W. */
function headLayer(frozen: FrozenValues, scale: Float32Array, shift: Float32Array): PointwiseLayer {
  const { outputs } = frozen.context.config;
  const weights = cropped(frozen, 'head', scale.length, outputs);
  const bias = named(frozen, 'headBias').map((b, o) =>
    shift.reduce((sum, value, c) => sum + value * (weights[c * outputs + o] ?? 0), b),
  );
  return pointwise(
    weights.map((value, at) => value * (scale[Math.floor(at / outputs)] ?? 0)),
    outputs,
    bias,
  );
}

/** The resampling before a block, an axis that changes after the other. */
function downwards(
  frozen: FrozenValues,
  index: number,
  from: readonly number[],
  to: readonly number[],
): ResampleLayer[] {
  const { config, sizes, pack } = frozen.context;
  const own = pack.blocks[index];
  return to.flatMap((size, axis) => {
    const position = own?.resolution[axis] ?? null;
    if (sizes.blocks[index]?.resampled[axis] !== true || position === null) return [];
    const cut = own?.cuts[axis] ?? null;
    const entries = from[axis] ?? size;
    if (cut !== null) return [bandLayer(axis, resamplingBand(entries, size, cut, config.periodic))];
    return [denseLayer(config, axis, entries, size, maskOf(frozen, position))];
  });
}

/** From the last grid back to the input's; nothing is masked. */
function upwards(config: NetworkConfig, grid: readonly number[]): ResampleLayer[] {
  return config.grid.flatMap((to, axis) => {
    const from = grid[axis] ?? to;
    if (from === to) return [];
    return from > LONGEST_EXACT
      ? [bandLayer(axis, resamplingBand(from, to, 1, config.periodic))]
      : [denseLayer(config, axis, from, to, new Float32Array(from).fill(1))];
  });
}

function bandLayer(axis: number, band: ReturnType<typeof resamplingBand>): ResampleLayer {
  const { from, to, width, periodic, firsts, values } = band;
  return { kind: 'resample', axis, from, to, width, border: periodic ? 'around' : 'mirrored', firsts, values };
}

/** R = A·(m ⊙ B), as `spectral.ts` defines its bases. */
function denseLayer(
  { periodic }: NetworkConfig,
  axis: number,
  from: number,
  to: number,
  mask: Float32Array,
): ResampleLayer {
  const kept = mask.length;
  const analysis = (periodic ? fourierAnalysis : analysisBasis)(from, kept);
  const synthesis = (periodic ? fourierSynthesis : synthesisBasis)(kept, to);
  const values = Float32Array.from({ length: to * from }, (_, at) => {
    const [i, j] = [Math.floor(at / from), at % from];
    return mask.reduce((sum, m, k) => sum + m * (analysis[j * kept + k] ?? 0) * (synthesis[k * to + i] ?? 0), 0);
  });
  return { kind: 'resample', axis, from, to, width: from, border: 'mirrored', firsts: new Int32Array(to), values };
}
