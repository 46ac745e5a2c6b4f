/**
 * The same network in jax-js, one jitted training step: gradients, and Adam over all weights. Arrays are used up by what they
 * are given to, unless `.ref` is given.
 */
import { blockUntilReady, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { DEPTH_TEMPERATURE, GENERATOR, TEMPERATURE } from '../../src/dnarch/config.ts';
import { THRESHOLD_LOGIT, THRESHOLD_SIGMAS } from '../../src/dnarch/masks.ts';
import { analysisBasis, synthesisBasis } from '../../src/dnarch/spectral.ts';
import type { Contestant } from './contestant.ts';
import { RATE } from './ours.ts';
import { twinOf, type Matrix, type Twin, type TwinBlock } from './twin.ts';
import { noise, type Workload } from './workloads.ts';

type Weights = Record<string, np.Array>;

const array = ({ values, shape }: Matrix): np.Array => np.array(values).reshape([...shape]);
const vector = (length: number, at: (i: number) => number): np.Array =>
  np.array(Float32Array.from({ length }, (_, i) => at(i)));

/** The weights, used as often as one likes. */
const of = (w: Weights, name: string): np.Array => w[name]!.ref;

/** Over the first `kept` of `total` entries. */
function sigmoidMask(cut: np.Array, temperature: number, total: number, kept: number): np.Array {
  const x = vector(kept, (i) => (i + 0.5) / total);
  return nn.sigmoid(cut.sub(x).mul(temperature).sub(THRESHOLD_LOGIT));
}

/** Over the taps of an axis. */
function gaussianMask(extent: np.Array, halfWidth: number, taps: number): np.Array {
  const x = vector(taps, (i) => ((i - (taps - 1) / 2) * THRESHOLD_SIGMAS) / halfWidth);
  return np.exp(np.square(x.div(extent)).mul(-0.5));
}

/** The kernel network: a product of Gabor filters, mixed in between. */
function generate(w: Weights, block: number, points: Matrix): np.Array {
  const own = (name: string): np.Array => of(w, `${block}.${name}`);
  const { hidden, filters } = GENERATOR;
  const [taps = 1, axes = 1] = points.shape;
  let exponent: np.Array | null = null;
  for (let axis = 0; axis < axes; axis++) {
    const coordinate = vector(taps, (i) => points.values[i * axes + axis] ?? 0).reshape([taps, 1]);
    const distance = np.square(
      coordinate.mul(own('steepness').slice([axis, axis + 1])).sub(own('centre').slice([axis, axis + 1])),
    );
    exponent = exponent === null ? distance : exponent.add(distance);
  }
  const phases = np.matmul(array(points), own('frequency')).add(own('phase'));
  const gabor = np.exp(exponent!.mul(-0.5)).mul(np.sin(phases));
  const filter = (l: number): np.Array => gabor.ref.slice([], [l * hidden, (l + 1) * hidden]);
  let h = filter(0);
  for (let l = 1; l < filters; l++) {
    const mixing = own('mixing').slice([(l - 1) * hidden, l * hidden]);
    h = filter(l).mul(np.matmul(h, mixing).add(own('mixingBias').slice([l - 1, l])));
  }
  gabor.dispose();
  return np.matmul(h, own('output')).add(own('outputBias'));
}

function normalise(x: np.Array, scale: np.Array, shift: np.Array): np.Array {
  const centred = x.ref.sub(np.mean(x, 0, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), 0, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(scale)
    .add(shift);
}

const gelu = (x: np.Array): np.Array => x.ref.mul(nn.sigmoid(x.mul(1.702)));

type Cut = (index: number) => np.Array;

/** To the spectrum, masked, and back on the new grid, axis by axis. */
function resample(x: np.Array, { size, from, cuts }: TwinBlock, cut: Cut, batch: number): np.Array {
  const channels = x.shape[1] ?? 1;
  let grid = [...from];
  let y = x.reshape([batch, ...grid, channels]);
  for (const [axis, to] of size.grid.entries()) {
    if (size.resampled[axis] !== true) continue;
    const entries = grid[axis] ?? to;
    const kept = Math.min(entries, to);
    const analysis = array({ values: analysisBasis(entries, kept), shape: [entries, kept] });
    const synthesis = array({ values: synthesisBasis(kept, to), shape: [kept, to] });
    const mask = sigmoidMask(cut(cuts.resolution[axis] ?? 0), TEMPERATURE, entries, kept);
    const spectrum = np.matmul(np.moveaxis(y, axis + 1, -1), analysis).mul(mask);
    y = np.moveaxis(np.matmul(spectrum, synthesis), -1, axis + 1);
    grid = grid.with(axis, to);
  }
  return y.reshape([-1, channels]);
}

/** Takes the input; leaves the weights. */
function logits(twin: Twin, w: Weights, learned: boolean, input: np.Array): np.Array {
  const { config, blocks, sizes } = twin;
  const { batch } = config;
  const cut: Cut = (index) =>
    learned ? of(w, 'cuts').slice([index, index + 1]) : np.array(Float32Array.of(twin.cuts[index] ?? 0));
  let x = np.matmul(input.reshape([-1, config.channels]), of(w, 'lift'));
  const gates = sigmoidMask(cut(twin.depth), DEPTH_TEMPERATURE * config.blocks, config.blocks, sizes.kept);
  const widthMask = (index: number, most: number, kept: number) => sigmoidMask(cut(index), TEMPERATURE, most, kept);
  let mask = widthMask(blocks[0]?.cuts.outer ?? 0, config.outer, blocks[0]?.width ?? 1);
  /** Masks are taken into the weights, which is the same and less work. */
  const norm = (name: string, x: np.Array): np.Array =>
    normalise(x, of(w, `${name}scale`).mul(mask.ref), of(w, `${name}shift`).mul(mask));
  for (const [index, block] of blocks.entries()) {
    const { size, width, cuts, halfWidths } = block;
    x = resample(x, block, cut, batch);
    const windows = size.kernel.map((taps, axis) =>
      gaussianMask(cut(cuts.kernel[axis] ?? 0), halfWidths[axis] ?? 1, taps).reshape(
        size.kernel.map((_, other) => (other === axis ? taps : 1)),
      ),
    );
    const window = windows.reduce((a, b) => a.mul(b)).reshape([-1, 1]);
    const kernel = generate(w, index, block.points).mul(window).mul(block.gain);
    const filter = np.transpose(kernel).reshape([width, 1, ...size.kernel]);
    const image = np.moveaxis(norm(`${index}.`, x.ref).reshape([batch, ...size.grid, width]), -1, 1);
    const ones = size.grid.map(() => 1);
    const convolved = lax.convGeneralDilated(image, filter, ones, 'SAME', { featureGroupCount: width });
    const lines = np.moveaxis(convolved, 1, -1).reshape([-1, width]);
    const inner = widthMask(cuts.inner, config.inner, size.inner).reshape([-1, 1]);
    const gate = gates.ref.slice([index, index + 1]);
    const hidden = gelu(np.matmul(lines, of(w, `${index}.mix1`)).add(of(w, `${index}.bias1`)));
    const branch = np.matmul(hidden, of(w, `${index}.mix2`).mul(inner.mul(gate)));
    x = fitted(x, size.outer).add(branch);
    mask = widthMask(cuts.outer, config.outer, size.outer);
  }
  gates.dispose();
  const pooled = np.mean(norm('', x).reshape([batch, -1, blocks.at(-1)?.size.outer ?? 1]), 1);
  return np.matmul(pooled, of(w, 'head')).add(of(w, 'headBias'));
}

function fitted(x: np.Array, to: number): np.Array {
  const width = x.shape[1] ?? 1;
  if (width === to) return x;
  if (width > to) return x.slice([], [0, to]);
  return np.pad(x, [
    [0, 0],
    [0, to - width],
  ]);
}

interface State extends Record<string, Weights> {
  readonly w: Weights;
  readonly first: Weights;
  readonly second: Weights;
}

/** Adam as optax has it. */
function adam({ w, first, second }: State, gradient: Weights, step: np.Array): State {
  const next: State = { w: {}, first: {}, second: {} };
  const correction = (beta: number): np.Array =>
    np
      .exp(step.ref.mul(Math.log(beta)))
      .mul(-1)
      .add(1);
  const [one, two] = [correction(0.9), correction(0.99)];
  for (const name of Object.keys(w)) {
    const g = gradient[name]!;
    const m = first[name]!.mul(0.9).add(g.ref.mul(0.1));
    const v = second[name]!.mul(0.99).add(np.square(g).mul(0.01));
    const scale = np.sqrt(v.ref.div(two.ref)).add(1e-8);
    next.w[name] = w[name]!.sub(m.ref.div(one.ref).div(scale).mul(RATE));
    next.first[name] = m;
    next.second[name] = v;
  }
  one.dispose();
  two.dispose();
  step.dispose();
  return next;
}

export async function jax(workload: Workload): Promise<Contestant> {
  const twin = await twinOf(workload);
  const { config } = twin;
  const batch = noise(config);
  const w: Weights = {};
  for (const [name, matrix] of Object.entries(twin.weights)) w[name] = array(matrix);
  if (workload.learned) w['cuts'] = np.array(twin.cuts);
  const zeros = (): Weights => tree.map<np.Array, np.Array, Weights>((x) => np.zeros(x.shape), w);
  let state: State = { w, first: zeros(), second: zeros() };
  const input = np.array(batch.inputs).reshape([batch.size, ...config.grid, config.channels]);
  const target = np.array(batch.targets).reshape([batch.size, config.outputs]);
  const lossOf = (w: Weights, input: np.Array, target: np.Array): np.Array => {
    const answer = nn.logSoftmax(logits(twin, w, workload.learned, input), 1);
    for (const own of Object.values(w)) own.dispose();
    return answer.mul(target).sum().mul(-1);
  };
  const update = jit((state: State, input: np.Array, target: np.Array, step: np.Array) => {
    const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(state.w), input, target) as [np.Array, Weights];
    return [adam(state, gradient, step), loss] as [State, np.Array];
  });
  let count = 0;
  let first: number | null = null;
  let loss: np.Array | null = null;
  return {
    step: () => {
      loss?.dispose();
      [state, loss] = update(state, input.ref, target.ref, np.array(Float32Array.of(++count)));
      return Promise.resolve();
    },
    done: async () => {
      await blockUntilReady(state.w);
      if (loss !== null) first ??= Number(await loss.ref.jsAsync());
    },
    firstLoss: () => Promise.resolve(first ?? NaN),
    dispose: () => {
      for (const part of Object.values(state)) tree.dispose(part);
      for (const own of [input, target, loss]) own?.dispose();
      update.dispose();
    },
  };
}
