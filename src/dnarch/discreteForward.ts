/**
 * Runs a discrete network on the device, with the operations that the soft network is made of.
 *
 * A residual layer runs as a convolution and one operation for all that follows it. Its affine map goes into these: the scale into the kernel,
 * and the shift, of which the convolution sees less near a border of zeros, into a bias that each point has for itself.
 */
import {
  cast,
  concat,
  keep,
  matMul,
  mul,
  ones,
  reshape,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import {
  denseMatrix,
  type DiscreteLayer,
  type DiscreteNetwork,
  type PointwiseLayer,
  type ResampleLayer,
  type ResidualLayer,
} from '../architecture/discrete.ts';
import { banded, DeviceBand } from '../kernels/banded.ts';
import { plainBranch } from '../kernels/branch.ts';
import { embed } from '../kernels/embedding.ts';
import { FourierStages } from '../kernels/fourierStages.ts';
import { Leaf } from '../kernels/leaf.ts';
import { meanPool } from '../kernels/pool.ts';
import { affine, viewedProduct } from '../kernels/products.ts';
import { programs } from '../kernels/programs.ts';
import { pointsOf, type NetworkConfig } from './config.ts';
import { predictionOf, type Prediction, type Predictor } from './evaluation.ts';
import { planeOf } from './kernelNetwork.ts';
import { convolve } from './network.ts';
import { inputTensor, type Batch } from './training.ts';

/** The stream of so many samples, `[samples · points, channels]`, to that after a layer. */
type Apply = (x: Tensor2D, samples: number) => Tensor2D;

/** A discrete network with its arrays on the device; dispose it after use. */
export class DiscreteRunner implements Predictor {
  readonly #config: NetworkConfig;
  readonly #network: DiscreteNetwork;
  readonly #kept: { dispose(): void }[] = [];
  readonly #stages = new FourierStages();
  readonly #layers: readonly Apply[];

  /** `config` is that of the network that was crystallised: what a batch of its task looks like. */
  constructor(config: NetworkConfig, network: DiscreteNetwork) {
    this.#config = config;
    this.#network = network;
    let { grid } = network.input;
    this.#layers = network.layers.map((layer) => {
      const apply = this.#layer(layer, grid);
      if (layer.kind === 'resample') grid = grid.with(layer.axis, layer.to);
      return apply;
    });
  }

  /** Inputs `[batch, ...grid, channels]` → `[batch, outputs]`, or `[batch · points, outputs]` of dense prediction. */
  forward(inputs: Tensor): Tensor2D {
    const [samples = 1] = inputs.shape;
    return tidy(() => {
      const x: Tensor2D = reshape(inputs, [-1, this.#network.input.channels]);
      return this.#layers.reduce((stream, apply) => apply(stream, samples), x);
    });
  }

  predict(batch: Batch): Promise<Prediction> {
    return predictionOf(this.#config, batch, () => this.forward(inputTensor(this.#config, batch.inputs)));
  }

  dispose(): void {
    this.#stages.dispose();
    for (const kept of this.#kept.splice(0)) kept.dispose();
  }

  #keep<T extends Tensor>(make: () => T): T {
    const tensor = keep(tidy(make));
    this.#kept.push(tensor);
    return tensor;
  }

  /** On a grid. */
  #layer(layer: DiscreteLayer, grid: readonly number[]): Apply {
    switch (layer.kind) {
      case 'embedding': {
        const table = this.#keep(() => tensor2d(layer.table, [layer.tokens, layer.channels]));
        return (x) => embed(cast(reshape(x, [-1]), 'int32'), table);
      }
      case 'pointwise':
        return this.#pointwise(layer);
      case 'resample':
        return this.#resample(layer, grid);
      case 'residual':
        return this.#residual(layer, grid);
      case 'mean-pool':
        return (x, samples) => meanPool(reshape(x, [samples, -1, x.shape[1]]));
    }
  }

  #pointwise({ inputs, outputs, weights, bias }: PointwiseLayer): Apply {
    const values = this.#keep(() => tensor1d(bias === null ? weights : [...weights, ...bias]));
    return (x) => {
      const leaf = new Leaf(values, [inputs * outputs, ...(bias === null ? [] : [outputs])]);
      return viewedProduct(x, leaf.view(0, outputs), bias === null ? null : leaf.view(1));
    };
  }

  #resample(layer: ResampleLayer, grid: readonly number[]): Apply {
    const { axis, from, width } = layer;
    const before = pointsOf(grid.slice(0, axis));
    const apply = width < from ? this.#band(layer) : this.#matrix(layer);
    return (x, samples) => reshape(apply(reshape(x, [samples * before, from, -1])), [-1, x.shape[1]]);
  }

  #band(layer: ResampleLayer): (lines: Tensor3D) => Tensor {
    const places = { ...layer, periodic: layer.border === 'around' };
    const band = new DeviceBand(places, { values: layer.values, slopes: null });
    this.#kept.push(band);
    return (lines) => banded(lines, band, null);
  }

  #matrix(layer: ResampleLayer): (lines: Tensor3D) => Tensor {
    const matrix = this.#keep(() => transpose(tensor2d(denseMatrix(layer), [layer.to, layer.from])));
    return (lines) => multiplied(lines, matrix);
  }

  #residual({ branch: [norm, convolution, first, , last] }: ResidualLayer, grid: readonly number[]): Apply {
    const { channels, border } = convolution;
    const like = { periodic: border === 'around', batch: this.#config.batch };
    const kernelOf = (scale: Tensor1D): Tensor3D =>
      mul(tensor3d(convolution.kernel, [...planeOf(convolution.taps), channels]), scale);
    const points = pointsOf(grid);
    const kernel = this.#keep(() => kernelOf(tensor1d(norm.scale)));
    const values = this.#keep(() => {
      const shifted = convolve(this.#stages, like, ones([points, channels]), kernelOf(tensor1d(norm.shift)), grid);
      const mix1 = tensor2d(first.weights, [channels, first.outputs]);
      const bias: Tensor1D = reshape(affine(shifted, mix1, tensor1d(first.bias)), [-1]);
      return concat([tensor1d(first.weights), bias, tensor1d(last.weights)]);
    });
    return (x) => {
      const leaf = new Leaf(values, [first.weights.length, points * first.outputs, last.weights.length]);
      return plainBranch(convolve(this.#stages, like, x, kernel, grid), x, {
        mix1: leaf.view(0, first.outputs),
        bias: leaf.view(1, first.outputs),
        mix2: leaf.view(2, last.outputs),
      });
    };
  }
}

/** Along the middle axis: `[before, from, after]`, `[from, to]` → before · to · after numbers in that order. */
function multiplied(lines: Tensor3D, matrix: Tensor2D): Tensor {
  const [before, from, after] = lines.shape;
  const own = programs();
  if (own !== null) return own.product(lines, { lines: before * after, after }, matrix);
  return matMul(reshape(matrix, [1, from, matrix.shape[1]]), lines, true);
}
