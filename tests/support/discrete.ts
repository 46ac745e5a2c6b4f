/** A discrete network run from its own definitions, slowly and in double precision. */
import type { BranchLayer, DepthwiseLayer, DiscreteNetwork, ResampleLayer } from '../../src/architecture/discrete.ts';
import { range, sizeOf } from './numbers.ts';
import { columnsOf } from './slow.ts';

interface Stream {
  readonly grid: readonly number[];
  /** `[point][channel]`. */
  readonly x: readonly (readonly number[])[];
}

/** Outputs of one sample, row after row; its input is `[...grid, channels]`. */
export function discreteOutputs({ input, layers }: DiscreteNetwork, values: ArrayLike<number>): number[] {
  let stream: Stream = {
    grid: input.grid,
    x: range(sizeOf(input.grid)).map((p) => range(input.channels).map((c) => values[p * input.channels + c] ?? NaN)),
  };
  for (const layer of layers) {
    const { x, grid } = stream;
    switch (layer.kind) {
      case 'embedding': {
        const { table, channels } = layer;
        stream = { grid, x: x.map(([token = NaN]) => [...table.slice(token * channels, (token + 1) * channels)]) };
        break;
      }
      case 'pointwise':
        stream = branched(stream, layer);
        break;
      case 'resample':
        stream = resampled(stream, layer);
        break;
      case 'mean-pool':
        stream = { grid: grid.map(() => 1), x: [range(x[0]?.length ?? 0).map((c) => mean(x.map((p) => p[c] ?? NaN)))] };
        break;
      case 'residual': {
        const branch = layer.branch.reduce(branched, stream);
        expectChannels(x, layer.inputs);
        const add = (p: number, c: number): number =>
          (branch.x[p]?.[c] ?? NaN) + (c < layer.inputs ? (x[p]?.[c] ?? NaN) : 0);
        stream = { grid, x: x.map((_, p) => range(layer.outputs).map((c) => add(p, c))) };
        break;
      }
    }
  }
  return stream.x.flat();
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function expectChannels(x: Stream['x'], channels: number): void {
  if (x.some((point) => point.length !== channels)) throw new Error(`A layer takes ${channels} channels.`);
}

function branched(stream: Stream, layer: BranchLayer): Stream {
  const { grid, x } = stream;
  switch (layer.kind) {
    case 'affine':
      expectChannels(x, layer.channels);
      return { grid, x: x.map((p) => p.map((v, c) => v * (layer.scale[c] ?? NaN) + (layer.shift[c] ?? NaN))) };
    case 'gelu':
      return { grid, x: x.map((p) => p.map((v) => v / (1 + Math.exp(-1.702 * v)))) };
    case 'pointwise': {
      const { inputs, outputs, weights, bias } = layer;
      expectChannels(x, inputs);
      const output = (point: readonly number[], o: number): number =>
        point.reduce((sum, v, i) => sum + v * (weights[i * outputs + o] ?? NaN), bias === null ? 0 : (bias[o] ?? NaN));
      return { grid, x: x.map((point) => range(outputs).map((o) => output(point, o))) };
    }
    case 'depthwise':
      expectChannels(x, layer.channels);
      return convolved(stream, layer);
  }
}

function convolved({ grid, x }: Stream, { taps, channels, border, kernel }: DepthwiseLayer): Stream {
  const [height = 1, width = 1] = grid.length === 1 ? [1, ...grid] : grid;
  const [rows = 1, columns = 1] = taps.length === 1 ? [1, ...taps] : taps;
  const sumAt = (point: number, c: number): number => {
    let sum = 0;
    for (const tap of range(rows * columns)) {
      let i = Math.floor(point / width) + Math.floor(tap / columns) - (rows - 1) / 2;
      let j = (point % width) + (tap % columns) - (columns - 1) / 2;
      if (border === 'around') [i, j] = [(i + height) % height, (j + width) % width];
      if (i < 0 || i >= height || j < 0 || j >= width) continue;
      sum += (x[i * width + j]?.[c] ?? NaN) * (kernel[tap * channels + c] ?? NaN);
    }
    return sum;
  };
  return { grid, x: x.map((_, point) => range(channels).map((c) => sumAt(point, c))) };
}

function resampled({ grid, x }: Stream, layer: ResampleLayer): Stream {
  const { axis, from, to, width, values } = layer;
  const columns = columnsOf({ ...layer, periodic: layer.border === 'around' });
  if (grid[axis] !== from) throw new Error(`A resampling takes ${from} entries, not ${grid[axis] ?? 0}.`);
  const after = sizeOf(grid.slice(axis + 1));
  const before = sizeOf(grid.slice(0, axis));
  const channels = x[0]?.length ?? 0;
  const points = range(before).flatMap((b) =>
    range(to).flatMap((i) =>
      range(after).map((a) =>
        range(channels).map((c) =>
          range(width).reduce((sum, w) => {
            const entry = i * width + w;
            return sum + (values[entry] ?? NaN) * (x[(b * from + (columns[entry] ?? NaN)) * after + a]?.[c] ?? NaN);
          }, 0),
        ),
      ),
    ),
  );
  return { grid: grid.with(axis, to), x: points };
}
