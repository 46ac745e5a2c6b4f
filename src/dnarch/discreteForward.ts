/** Runs a discrete network on the device: its layers as they are, with the operations that the soft network is made of. */
import {
  add,
  cast,
  keep,
  mul,
  pad,
  reshape,
  slice,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import {
  denseMatrix,
  type BranchLayer,
  type DiscreteLayer,
  type DiscreteNetwork,
  type ResampleLayer,
} from '../architecture/discrete.ts';
import { banded, DeviceBand } from '../kernels/banded.ts';
import { depthwise2d } from '../kernels/depthwise.ts';
import { embed } from '../kernels/embedding.ts';
import { gelu } from '../kernels/gelu.ts';
import { periodicDepthwise2d } from '../kernels/periodic.ts';
import { meanPool } from '../kernels/pool.ts';
import { affine, product } from '../kernels/products.ts';
import type { NetworkConfig } from './config.ts';
import { predictionOf, type Prediction, type Predictor } from './evaluation.ts';
import { inputTensor, type Batch } from './training.ts';

/** The stream, `[batch · points, channels]`. */
interface Stream {
  readonly x: Tensor2D;
  readonly grid: readonly number[];
}

type Apply = (stream: Stream, batch: number) => Stream;

/** A discrete network with its arrays on the device; dispose it after use. */
export class DiscreteRunner implements Predictor {
  readonly #config: NetworkConfig;
  readonly #network: DiscreteNetwork;
  readonly #kept: { dispose(): void }[] = [];
  readonly #layers: readonly Apply[];

  /** `config` is that of the network that was crystallised: what a batch of its task looks like. */
  constructor(config: NetworkConfig, network: DiscreteNetwork) {
    this.#config = config;
    this.#network = network;
    this.#layers = network.layers.map((layer) => this.#layer(layer));
  }

  /** Inputs `[batch, ...grid, channels]` → `[batch, outputs]`, or `[batch · points, outputs]` of dense prediction. */
  forward(inputs: Tensor): Tensor2D {
    const { grid, channels } = this.#network.input;
    const [batch = 1] = inputs.shape;
    return tidy(
      () =>
        this.#layers.reduce<Stream>((stream, apply) => apply(stream, batch), {
          x: reshape(inputs, [-1, channels]),
          grid,
        }).x,
    );
  }

  predict(batch: Batch): Promise<Prediction> {
    return predictionOf(this.#config, batch, () => this.forward(inputTensor(this.#config, batch.inputs)));
  }

  dispose(): void {
    for (const kept of this.#kept.splice(0)) kept.dispose();
  }

  #keep<T extends Tensor>(tensor: T): T {
    this.#kept.push(keep(tensor));
    return tensor;
  }

  #layer(layer: DiscreteLayer): Apply {
    switch (layer.kind) {
      case 'embedding': {
        const table = this.#keep(tensor2d(layer.table, [layer.tokens, layer.channels]));
        return ({ x, grid }) => ({ x: embed(cast(reshape(x, [-1]), 'int32'), table), grid });
      }
      case 'pointwise':
        return this.#branch(layer);
      case 'resample': {
        const { axis, from, to, width } = layer;
        const apply = width < from ? this.#band(layer) : this.#matrix(layer);
        return ({ x, grid }, batch) => {
          const before = batch * grid.slice(0, axis).reduce((a, b) => a * b, 1);
          const lines: Tensor3D = reshape(x, [before, from, x.size / before / from]);
          return { x: reshape(apply(lines), [-1, x.shape[1]]), grid: grid.with(axis, to) };
        };
      }
      case 'residual': {
        const branch = layer.branch.map((own) => this.#branch(own));
        return (stream, batch) => {
          const { x } = branch.reduce((own, apply) => apply(own, batch), stream);
          return { x: add(shortcut(stream.x, layer.outputs), x), grid: stream.grid };
        };
      }
      case 'mean-pool':
        return ({ x, grid }, batch) => ({
          x: meanPool(reshape(x, [batch, -1, x.shape[1]])),
          grid: grid.map(() => 1),
        });
    }
  }

  #band(layer: ResampleLayer): (lines: Tensor3D) => Tensor3D {
    const band = new DeviceBand({ ...layer, slopes: new Float32Array(layer.values.length) });
    this.#kept.push(band);
    return (lines) => banded(lines, band, null);
  }

  #matrix(layer: ResampleLayer): (lines: Tensor3D) => Tensor3D {
    const matrix = this.#keep(tensor2d(denseMatrix(layer), [layer.to, layer.from]));
    return (lines) => multiplied(lines, matrix);
  }

  #branch(layer: BranchLayer): Apply {
    switch (layer.kind) {
      case 'affine': {
        const [scale, shift] = [this.#keep(tensor1d(layer.scale)), this.#keep(tensor1d(layer.shift))];
        return ({ x, grid }) => ({ x: add(mul(x, scale), shift), grid });
      }
      case 'gelu':
        return ({ x, grid }) => ({ x: gelu(x), grid });
      case 'pointwise': {
        const weights = this.#keep(tensor2d(layer.weights, [layer.inputs, layer.outputs]));
        const bias: Tensor1D | null = layer.bias === null ? null : this.#keep(tensor1d(layer.bias));
        return ({ x, grid }) => ({ x: bias === null ? product(x, weights) : affine(x, weights, bias), grid });
      }
      case 'depthwise': {
        const { taps, channels, border } = layer;
        const kernel = this.#keep(tensor3d(layer.kernel, [...asImage(taps), channels]));
        const convolve = border === 'around' ? periodicDepthwise2d : depthwise2d;
        return ({ x, grid }, batch) => {
          const image: Tensor4D = reshape(x, [batch, ...asImage(grid), channels]);
          return { x: reshape(convolve(image, kernel), [-1, channels]), grid };
        };
      }
    }
  }
}

/** A sequence is an image of one row. */
function asImage([first = 1, second]: readonly number[]): [number, number] {
  return second === undefined ? [1, first] : [first, second];
}

/** Along the middle axis: `[before, from, after]`, `[to, from]` → `[before, to, after]`. */
function multiplied(lines: Tensor3D, matrix: Tensor2D): Tensor3D {
  const [before, from, after] = lines.shape;
  const turned: Tensor2D = reshape(transpose(lines, [0, 2, 1]), [before * after, from]);
  const y = product(turned, transpose(matrix));
  return transpose(reshape(y, [before, after, matrix.shape[0]]), [0, 2, 1]);
}

function shortcut(x: Tensor2D, to: number): Tensor2D {
  const [rows, from] = x.shape;
  if (from >= to) return from === to ? x : slice(x, [0, 0], [rows, to]);
  return pad(x, [
    [0, 0],
    [0, to - from],
  ]);
}
