/** From what a probe measures to what the page shows of it: thinned out, in bytes. */
import { pointsOf } from '../dnarch/config.ts';
import type { ProbedNetwork } from '../dnarch/probe.ts';
import type { Task } from '../tasks/task.ts';
import type { FeatureMap, Probe, ProbeOutput } from './protocol.ts';

/** Most points of a map that is shown. */
const MOST_POSITIONS = 512;
const MOST_PIXELS = 4096;

/** `input` and `truth` are those of the sample: `[...grid, channels]`, and a class or `[...grid]` of them. */
export function describeProbe(
  task: Pick<Task, 'grid' | 'channels' | 'kind' | 'field'>,
  { blocks, logits }: ProbedNetwork,
  input: Float32Array,
  truth: Uint8Array | Float32Array,
): Pick<Probe, 'input' | 'blocks' | 'spectra' | 'output'> {
  return {
    input: featureMap(task.grid, task.channels, input),
    blocks: blocks.map((probed) => ({
      block: probed.block,
      ...featureMap(probed.grid, probed.channels, probed.values),
    })),
    spectra: blocks.map(({ block, power }) => ({ block, axes: power.map(amplitudes) })),
    output: answer(task, logits, truth),
  };
}

/** Every n-th point along each axis, with the least n that leaves few enough; ±127 is the largest magnitude. */
export function featureMap(grid: readonly number[], channels: number, values: Float32Array): FeatureMap {
  const most = grid.length === 1 ? MOST_POSITIONS : MOST_PIXELS;
  let stride = 1;
  const thinned = (): number[] => grid.map((size) => Math.ceil(size / stride));
  while (thinned().reduce((a, b) => a * b, 1) > most) stride += 1;
  const rows = grid.reduce<number[]>(
    (before, size, axis) =>
      before.flatMap((row) => Array.from({ length: thinned()[axis] ?? 1 }, (_, i) => row * size + i * stride)),
    [0],
  );
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const bytes = new Int8Array(rows.length * channels);
  for (const [i, row] of rows.entries()) {
    for (let c = 0; c < channels; c++) {
      bytes[i * channels + c] = Math.round((127 * (values[row * channels + c] ?? 0)) / largest);
    }
  }
  return { grid: thinned(), channels, values: bytes, largest };
}

/** √(power/largest) without the constant part, which says nothing about how fine the stream is. */
function amplitudes(power: Float32Array): Float32Array {
  const largest = power.subarray(1).reduce((a, b) => Math.max(a, b), 0);
  return power.map((value, k) => (k === 0 || largest === 0 ? 0 : Math.sqrt(value / largest)));
}

function answer(
  { kind, grid, field }: Pick<Task, 'grid' | 'kind' | 'field'>,
  logits: Float32Array,
  truth: Uint8Array | Float32Array,
): ProbeOutput {
  if (kind === 'classes') return { kind, probabilities: softmax(logits), truth: truth[0] ?? 0 };
  if (field !== undefined) {
    const values = logits.map((value) => (value - field.offset) / field.scale);
    return { kind: 'field', channels: values.length / pointsOf(grid), values, truth: Float32Array.from(truth) };
  }
  const outputs = logits.length / truth.length;
  const classes = Uint8Array.from(truth, (_, row) => {
    const own = logits.subarray(row * outputs, (row + 1) * outputs);
    return own.indexOf(Math.max(...own));
  });
  return { kind, classes, truth: Uint8Array.from(truth) };
}

function softmax(logits: Float32Array): Float32Array {
  const most = Math.max(...logits);
  const raised = Array.from(logits, (value) => Math.exp(value - most));
  const sum = raised.reduce((a, b) => a + b, 0);
  return Float32Array.from(raised, (value) => value / sum);
}
