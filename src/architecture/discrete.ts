/**
 * A trained network as an ordinary discrete one: a list of plain layers with plain arrays, without masks or continuous kernels.
 *
 * It is what exports are written from, and it says all that is needed to run it. The stream is `[batch, ...grid, channels]`; matrices are
 * row-major.
 */

/** Rows of a table, `[tokens, channels]`, by the index that stands at each position. */
export interface EmbeddingLayer {
  readonly kind: 'embedding';
  readonly tokens: number;
  readonly channels: number;
  readonly table: Float32Array;
}

/** y = x·weights + bias at each position: weights `[inputs, outputs]`, bias `[outputs]` or null for none. */
export interface PointwiseLayer {
  readonly kind: 'pointwise';
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array | null;
}

/** y = x·scale + shift, a channel: a normalisation in its form for inference, with the masks in it. */
export interface AffineLayer {
  readonly kind: 'affine';
  readonly channels: number;
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** A correlation a channel that keeps the grid: kernel `[...taps, channels]`, odd taps, with zeros or the other end beyond an end. */
export interface DepthwiseLayer {
  readonly kind: 'depthwise';
  readonly taps: readonly number[];
  readonly channels: number;
  readonly border: 'zeros' | 'around';
  readonly kernel: Float32Array;
}

/** x·σ(1.702x), elementwise. */
export interface GeluLayer {
  readonly kind: 'gelu';
}

/**
 * Every line along one spatial axis, 0 being the first, times a matrix: entry i of the result is the sum of `values[i·width + w]` times the
 * entry at place `firsts[i] + w` of the line, which goes on beyond its ends as its mirror image, or around to the other one. A dense matrix has
 * `from` entries a row, and every row begins at 0; a band has fewer.
 */
export interface ResampleLayer {
  readonly kind: 'resample';
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly border: 'mirrored' | 'around';
  /** `[to]`, ascending. */
  readonly firsts: Int32Array;
  /** `[to, width]`. */
  readonly values: Float32Array;
}

/** Mean over the positions: `[batch, ...grid, channels]` → `[batch, channels]`. */
export interface MeanPoolLayer {
  readonly kind: 'mean-pool';
}

/** y = shortcut(x) + branch(x); the shortcut drops the last channels, or adds zeros after them, to get from `inputs` to `outputs`. */
export interface ResidualLayer {
  readonly kind: 'residual';
  readonly inputs: number;
  readonly outputs: number;
  readonly branch: Branch;
}

/** A normalisation, a convolution, and two products with a nonlinearity between them. */
export type Branch = readonly [
  AffineLayer,
  DepthwiseLayer,
  PointwiseLayer & { readonly bias: Float32Array },
  GeluLayer,
  PointwiseLayer & { readonly bias: null },
];

export type BranchLayer = AffineLayer | DepthwiseLayer | PointwiseLayer | GeluLayer;
export type DiscreteLayer = EmbeddingLayer | PointwiseLayer | ResampleLayer | ResidualLayer | MeanPoolLayer;

export interface DiscreteNetwork {
  readonly version: 1;
  /** One channel of indices where `tokens` is not null. */
  readonly input: { readonly grid: readonly number[]; readonly channels: number; readonly tokens: number | null };
  /** Logits or field values, a sample or a position. */
  readonly output: { readonly kind: 'classes' | 'dense'; readonly channels: number };
  /** In their order, from the input to the output. */
  readonly layers: readonly DiscreteLayer[];
}

/** `[to, from]`, row-major: the resampling as a plain dense matrix. */
export function denseMatrix({ from, to, width, border, firsts, values }: ResampleLayer): Float32Array {
  const matrix = new Float32Array(to * from);
  values.forEach((value, at) => {
    const row = Math.floor(at / width);
    const place = (firsts[row] ?? 0) + (at % width);
    const mirrored = place < 0 ? -1 - place : place < from ? place : 2 * from - 1 - place;
    const cell = row * from + (border === 'around' ? (place + from) % from : mirrored);
    matrix[cell] = (matrix[cell] ?? 0) + value;
  });
  return matrix;
}

export interface LayerReport {
  readonly kind: DiscreteLayer['kind'];
  /** The grid after it, and the channels. */
  readonly grid: readonly number[];
  readonly channels: number;
  /** Learned numbers. */
  readonly parameters: number;
  /** Numbers that follow from the architecture alone: entries of the resampling matrices. */
  readonly constants: number;
  /** Multiply–accumulates a sample of products and convolutions, as `networkCost` counts them. */
  readonly macs: number;
}

export interface DiscreteReport {
  readonly layers: readonly LayerReport[];
  readonly parameters: number;
  readonly constants: number;
  readonly macs: number;
}

/** What each layer holds and costs, and all of them together. */
export function reportOf({ input, layers }: DiscreteNetwork): DiscreteReport {
  let grid: readonly number[] = input.grid;
  let channels = input.channels;
  const reports = layers.map((layer): LayerReport => {
    let [constants, macs] = [0, 0];
    const parameters = parametersOf(layer);
    switch (layer.kind) {
      case 'embedding':
        channels = layer.channels;
        break;
      case 'pointwise':
        channels = layer.outputs;
        macs = points(grid) * layer.inputs * layer.outputs;
        break;
      case 'resample':
        grid = grid.with(layer.axis, layer.to);
        constants = layer.values.length;
        macs = points(grid) * channels * layer.width;
        break;
      case 'residual':
        channels = layer.outputs;
        macs = points(grid) * layer.branch.reduce((sum, own) => sum + macsAPoint(own), 0);
        break;
      case 'mean-pool':
        grid = grid.map(() => 1);
        break;
    }
    return { kind: layer.kind, grid, channels, parameters, constants, macs };
  });
  const sum = (of: (report: LayerReport) => number): number => reports.reduce((total, own) => total + of(own), 0);
  return {
    layers: reports,
    parameters: sum(({ parameters }) => parameters),
    constants: sum(({ constants }) => constants),
    macs: sum(({ macs }) => macs),
  };
}

const points = (grid: readonly number[]): number => grid.reduce((a, b) => a * b, 1);

function parametersOf(layer: DiscreteLayer | BranchLayer): number {
  switch (layer.kind) {
    case 'embedding':
      return layer.table.length;
    case 'pointwise':
      return layer.weights.length + (layer.bias?.length ?? 0);
    case 'affine':
      return layer.scale.length + layer.shift.length;
    case 'depthwise':
      return layer.kernel.length;
    case 'residual':
      return layer.branch.reduce((sum, own) => sum + parametersOf(own), 0);
    case 'gelu':
    case 'resample':
    case 'mean-pool':
      return 0;
  }
}

function macsAPoint(layer: BranchLayer): number {
  switch (layer.kind) {
    case 'pointwise':
      return layer.inputs * layer.outputs;
    case 'depthwise':
      return layer.kernel.length;
    case 'affine':
    case 'gelu':
      return 0;
  }
}
