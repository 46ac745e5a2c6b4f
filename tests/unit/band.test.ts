/** Resampling by a band, beside the exact operator, finite differences and slow loops. */
import { engine, memory, tensor1d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { BAND } from '../../src/architecture/cost.ts';
import { bandTable, resamplingBand } from '../../src/dnarch/band.ts';
import { TEMPERATURE } from '../../src/dnarch/config.ts';
import { sigmoidMask } from '../../src/dnarch/masks.ts';
import { random } from '../../src/dnarch/random.ts';
import {
  analysisBasis,
  fourierAnalysis,
  fourierSynthesis,
  SpectralBases,
  synthesisBasis,
} from '../../src/dnarch/spectral.ts';
import { banded, DeviceBand } from '../../src/kernels/banded.ts';
import type { BandTable } from '../../src/kernels/bandRows.ts';
import { switchBackend } from '../support/backend.ts';
import { distance, normals, numbersOf, range } from '../support/numbers.ts';
import { columnsOf, slowBanded } from '../support/slow.ts';

/** `[to][from]`. */
function denseOf(band: ReturnType<typeof resamplingBand>): number[][] {
  const { from, to, values } = band;
  const columns = columnsOf(band);
  return range(to).map((i) => {
    const row = new Array<number>(from).fill(0);
    for (const at of range(BAND).map((w) => i * BAND + w)) {
      const column = columns[at] ?? -1;
      row[column] = (row[column] ?? NaN) + (values[at] ?? NaN);
    }
    return row;
  });
}

function exactOf(from: number, to: number, cut: number, periodic: boolean): number[][] {
  const mask = sigmoidMask(cut, TEMPERATURE, from, to).values;
  const analysis = (periodic ? fourierAnalysis : analysisBasis)(from, to);
  const synthesis = (periodic ? fourierSynthesis : synthesisBasis)(to, to);
  return range(to).map((i) =>
    range(from).map((j) =>
      range(to).reduce((sum, k) => sum + synthesis[k * to + i]! * mask[k]! * analysis[j * to + k]!, 0),
    ),
  );
}

const apply = (matrix: readonly number[][], x: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * x[j]!, 0));

describe.each([
  [100, 70],
  [100, 26],
  [257, 243],
])('from %i to %i', (from, to) => {
  const cut = to / from;

  it.each([false, true])('is the exact operator but for its far ends, periodic %s', (periodic) => {
    const band = denseOf(resamplingBand(from, to, cut, periodic)).flat();
    expect(distance(band, exactOf(from, to, cut, periodic).flat())).toBeLessThan(0.06);
  });

  it.each([false, true])('lets a slow wave pass as the exact operator does, periodic %s', (periodic) => {
    const x = range(from).map((j) => 1 + Math.cos((2 * Math.PI * 3 * (j + (periodic ? 0 : 0.5))) / from));
    const band = apply(denseOf(resamplingBand(from, to, cut, periodic)), x);
    expect(distance(band, apply(exactOf(from, to, cut, periodic), x))).toBeLessThan(0.01);
  });

  it.each([false, true])('keeps a constant, periodic %s', (periodic) => {
    for (const row of denseOf(resamplingBand(from, to, cut, periodic))) {
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    }
  });

  it.each([false, true])('has the derivative of finite differences in its cut, periodic %s', (periodic) => {
    const at = (c: number) => resamplingBand(from, to, c, periodic);
    const [above, below] = [at(cut + 1e-3), at(cut - 1e-3)];
    const differences = above.values.map((value, i) => (value - below.values[i]!) / 2e-3);
    expect(distance(at(cut).slopes, differences)).toBeLessThan(2e-3);
  });

  it('treats both ends of a line alike', () => {
    const matrix = denseOf(resamplingBand(from, to, cut, false));
    // A row with its centre upon a sample reaches one further to one side.
    expect(distance(matrix.flat(), matrix.flat().reverse())).toBeLessThan(2e-3);
  });
});

it('shifts with its input where the line closes upon itself', () => {
  const matrix = denseOf(resamplingBand(96, 48, 0.5, true));
  const x = normals(random(1, 40), 96);
  const shifted = range(96).map((j) => x[(j + 90) % 96]!);
  const y = apply(matrix, [...x]);
  expect(distance(apply(matrix, shifted), [...range(48).map((i) => y[(i + 45) % 48]!)])).toBeLessThan(1e-5);
});

it('brings a smooth line up to a finer grid', () => {
  const wave = (n: number) => range(n).map((j) => Math.cos((Math.PI * 5 * (j + 0.5)) / n));
  expect(distance(apply(denseOf(resamplingBand(100, 160, 1, false)), wave(100)), wave(160))).toBeLessThan(0.01);
});

// Where there are fewer channels than a vector has entries the first axis takes their place; with few of both, vectors are not filled.
describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  it.each([
    [40, 2, 5, false],
    [40, 2, 37, false],
    [40, 6, 1, false],
    [40, 1, 1, false],
    [40, 2, 20, true],
    [40, 3, 2, true],
    // Rows that leave entries between them out, and rows that are nearer to each other than entries.
    [2, 2, 6, false],
    [101, 1, 5, true],
  ])(
    'the product with a band and its gradients are those of slow loops: 70 to %i, %i before, %i after, periodic %s',
    async (to, before, after, periodic) => {
      const rows = resamplingBand(70, to, to / 70, periodic);
      // Made with the numbers of another cut: they are changed as while it is learned.
      const table = (cut: number): BandTable => bandTable(70, to, cut, periodic);
      const band = new DeviceBand(rows, table(0.9));
      tidy(() => band.times(tensor3d(normals(random(5, 40), 70), [1, 70, 1])));
      band.change(table(to / 70));
      const draw = random(2, 40);
      const x = normals(draw, before * 70 * after);
      const upstream = normals(draw, before * to * after);
      const { y, dx, slope } = slowBanded(rows, { shape: [before, 70, after], values: x }, upstream);
      const { value, grads } = tidy(() => {
        const leaves = [tensor3d(x, [before, 70, after]), tensor1d([0])] as const;
        return engine().gradients(
          () => banded(leaves[0], band, leaves[1]),
          [...leaves],
          tensor3d(upstream, [before, to, after]),
        );
      });
      band.dispose();
      const [gradient, epsilon] = await Promise.all(grads.map(numbersOf));
      expect(distance(await numbersOf(value), y)).toBeLessThan(1e-5);
      expect(distance(gradient!, dx)).toBeLessThan(1e-5);
      expect(epsilon![0]).toBeCloseTo(slope, 2);
    },
  );

  it('keeps a band on the device while its cut stays, and changes its numbers when it moves', async () => {
    const before = memory().numTensors;
    const x = normals(random(3, 40), 90);
    const product = async (band: DeviceBand): Promise<number[]> => {
      const y = tidy(() => band.times(tensor3d(x, [1, 90, 1])));
      const numbers = await numbersOf(y);
      y.dispose();
      return numbers;
    };
    const bases = new SpectralBases(false);
    const band = bases.band(0, 90, 70, 0.8);
    const first = await product(band);
    const kept = memory().numTensors;
    expect(bases.band(0, 90, 70, 0.8)).toBe(band);
    expect(await product(band)).toEqual(first);
    const rows = resamplingBand(90, 70, 0.75, false);
    const own = new DeviceBand(rows, rows);
    const moved = await product(own);
    own.dispose();
    expect(distance(moved, first)).toBeGreaterThan(1e-3);
    expect(distance(await product(bases.band(0, 90, 70, 0.75)), moved)).toBeLessThan(1e-6);
    expect(memory().numTensors).toBe(kept);
    bases.band(1, 90, 70, 0.8);
    expect(distance(await product(bases.band(0, 90, 70, 0.75)), moved)).toBeLessThan(1e-6);
    for (let to = 40; to < 60; to++) bases.band(0, 90, to, to / 90);
    bases.trim();
    expect(memory().numTensors - before).toBeLessThanOrEqual(8 * (kept - before));
    expect(bases.band(0, 90, 70, 0.75)).not.toBe(band);
    bases.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
