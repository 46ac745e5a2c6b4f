/** Parameters: where they stand, what range they keep, and the shapes that runs start from and settle at; no backend. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullCost, integerCost } from '../../src/dnarch/budget.ts';
import { LEAST_CHANNELS, LEAST_GRID, LEAST_TAPS, type NetworkConfig } from '../../src/dnarch/config.ts';
import { axisOf, learnedParameters, parameterLayout } from '../../src/dnarch/parameters.ts';
import { random } from '../../src/dnarch/random.ts';
import { roundDepth, settleParameters } from '../../src/dnarch/settle.ts';
import { fullParameters, neutralParameters, project, uniformParameters } from '../../src/dnarch/shapes.ts';
import { halfWidth, integerSizes } from '../../src/dnarch/sizes.ts';
import { networkConfig } from '../../src/engine/run.ts';
import { TASKS } from '../../src/tasks/index.ts';
import { CONFIGS, SHORT_CONFIGS } from '../support/networks.ts';

const TASK_CONFIGS = TASKS.map((task) => [task.id, networkConfig(task, task.batch)] as const);
const BUDGETS = [0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

const costOf =
  (config: NetworkConfig) =>
  (parameters: Float64Array): number =>
    integerCost(config, parameters);

describe('the layout of the parameters', () => {
  it.each(CONFIGS)('gives each a place of its own and an axis: %s', (_, config) => {
    const layout = parameterLayout(config);
    const places: [number, string][] = [[layout.depth, 'D']];
    for (let block = 0; block < config.blocks; block++) {
      places.push([layout.inner(block), 'W'], [layout.outer(block), 'W']);
      for (let axis = 0; axis < config.grid.length; axis++) {
        places.push([layout.kernel(block, axis), 'K'], [layout.resolution(block, axis), 'R']);
      }
    }
    expect(places.map(([index]) => index).sort((a, b) => a - b)).toEqual([...Array(layout.size).keys()]);
    for (const [index, axis] of places) expect(axisOf(layout, index)).toBe(axis);
    const learned = learnedParameters(layout, { K: true, R: false, W: false, D: true });
    for (const [index, axis] of places) expect(learned[index]).toBe(axis === 'K' || axis === 'D' ? 1 : 0);
  });
});

describe.each([...CONFIGS, ...TASK_CONFIGS])('%s', (_, config) => {
  const layout = parameterLayout(config);
  const anything = fc
    .array(fc.double({ min: -1, max: 3, noNaN: true }), { minLength: layout.size, maxLength: layout.size })
    .map((values) => Float64Array.from(values));

  it('brings any parameters back into their range, and leaves alone what is in it', () => {
    fc.assert(
      fc.property(anything, (values) => {
        const inside = project(config, values.slice());
        for (let block = 0; block < config.blocks; block++) {
          for (const [index, most] of [
            [layout.inner(block), config.inner],
            [layout.outer(block), config.outer],
          ] as const) {
            expect((inside[index] ?? NaN) * most).toBeGreaterThanOrEqual(LEAST_CHANNELS - 1e-9);
            expect(inside[index]).toBeLessThanOrEqual(1);
          }
        }
        expect((inside[layout.depth] ?? NaN) * config.blocks).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(inside[layout.depth]).toBeLessThanOrEqual(1);
        const { blocks } = integerSizes(config, inside);
        for (const [block, { grid, kernel }] of blocks.entries()) {
          for (const [axis, size] of grid.entries()) {
            expect(size).toBeGreaterThanOrEqual(LEAST_GRID);
            expect(inside[layout.resolution(block, axis)]).toBeLessThanOrEqual(1);
            const taps = 2 * halfWidth(config, inside[layout.kernel(block, axis)] ?? NaN, axis, size);
            expect(taps).toBeGreaterThanOrEqual(LEAST_TAPS - 1e-9);
            expect(taps).toBeLessThanOrEqual(Math.min(config.kernel, 2 * size - 1) + 1e-9);
            expect(kernel[axis]).toBeLessThanOrEqual(Math.min(config.kernel, 2 * size - 1));
          }
        }
        const again = project(config, inside.slice());
        inside.forEach((value, i) => expect(again[i]).toBeCloseTo(value, 12));
        values.forEach((value, i) => {
          if (value >= 0.95 && value <= 1 && axisOf(layout, i) !== 'K') expect(inside[i]).toBe(value);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('costs its full cost with all there is', () => {
    const { blocks, kept } = integerSizes(config, fullParameters(config));
    expect(kept).toBe(config.blocks);
    for (const { grid, kernel, inner, outer, resampled } of blocks) {
      expect([inner, outer]).toEqual([config.inner, config.outer]);
      expect(grid).toEqual(config.grid);
      expect(kernel).toEqual(config.grid.map((n) => Math.min(config.kernel, 2 * n - 1)));
      expect(resampled).not.toContain(true);
    }
  });
});

describe.each(SHORT_CONFIGS)('the resolution to start from: %s', (_, known) => {
  const layout = parameterLayout(known);
  const cutsOf = (parameters: Float64Array): number[] =>
    Array.from({ length: known.blocks }, (_, block) => parameters[layout.resolution(block, 0)] ?? NaN);

  it('is one a block, the last one for all after it', () => {
    const config = { ...known, startResolution: [0.5, 0.7] };
    const target = integerCost(config, uniformParameters(config, { ...startOf(config), width: 0.6 }));
    const parameters = neutralParameters(config, target, costOf(config));
    expect(cutsOf(parameters)).toEqual([0.5, 0.7, 0.7]);
    expect(integerSizes(config, parameters).blocks[0]?.grid).toEqual(config.grid.map((n) => Math.floor(n / 2 + 0.5)));
  });

  it('goes towards the full grid, each block from its own, where the budget leaves more', () => {
    const config = { ...known, startResolution: [0.5, 0.7] };
    const parameters = neutralParameters(config, 0.95 * fullCost(config), costOf(config));
    const [first = NaN, second = NaN, third] = cutsOf(parameters);
    expect(first).toBeGreaterThan(0.5);
    expect(first).toBeLessThan(1);
    expect((1 - first) / (1 - second)).toBeCloseTo(0.5 / 0.3, 9);
    expect(third).toBe(second);
  });
});

/** The cuts that a run starts with where its budget allows them. */
function startOf({ startKernel, startResolution, startDepth }: NetworkConfig) {
  return { taps: startKernel, resolution: startResolution, depth: startDepth };
}

describe.each(TASK_CONFIGS)('a run of %s', (_, config) => {
  const full = fullCost(config);

  it.each(BUDGETS)('starts at its budget: %f', (budget) => {
    const parameters = neutralParameters(config, budget * full, costOf(config));
    expect(Math.abs(integerCost(config, parameters) / (budget * full) - 1)).toBeLessThan(0.03);
    expect([...project(config, parameters.slice())]).toEqual([...parameters]);
  });

  it('refuses a budget under the smallest network, with a number', () => {
    expect(() => neutralParameters(config, 0.0001 * full, costOf(config))).toThrow(
      /^The budget of \d+ MAC is under the smallest network's \d+ MAC: raise it\.$/,
    );
  });

  it('settles within 1 % of its budget, on whole sizes', () => {
    const draw = random(6, 6);
    const layout = parameterLayout(config);
    let settles = 0;
    for (const budget of [0.1, 0.25, 0.4]) {
      for (let trial = 0; trial < 10; trial++) {
        const target = budget * full;
        const start = neutralParameters(config, target, costOf(config));
        const perturbed = project(
          config,
          start.map((value) => value * draw.uniform(0.97, 1.03)),
        );
        // Like a run, it settles only near its budget.
        if (Math.abs(Math.log(integerCost(config, perturbed) / target)) > 0.1) continue;
        settles += 1;
        const before = integerSizes(config, perturbed);
        const settled = settleParameters(config, perturbed, target, { oneSided: false, widths: true, kernels: true });
        const after = integerSizes(config, settled);
        expect(Math.abs(integerCost(config, settled) / target - 1)).toBeLessThan(0.01 + 1e-4);
        expect(after.kept).toBe(before.kept);
        for (let block = 0; block < config.blocks; block++) {
          expect(after.blocks[block]?.grid).toEqual(before.blocks[block]?.grid);
          const inner = (settled[layout.inner(block)] ?? NaN) * config.inner;
          expect(inner).toBeCloseTo(after.blocks[block]?.inner ?? NaN, 9);
        }
        expect([...project(config, settled.slice())]).toEqual([...settled]);
      }
    }
    expect(settles).toBeGreaterThan(5);
  });

  it('leaves alone what is under a one-sided budget, and the widths where they are not learned', () => {
    const target = 0.3 * full;
    const under = neutralParameters(config, 0.8 * target, costOf(config));
    const left = settleParameters(config, under, target, { oneSided: true, widths: true, kernels: true });
    expect(integerSizes(config, left)).toEqual(integerSizes(config, under));
    const over = neutralParameters(config, 1.2 * target, costOf(config));
    const rounded = settleParameters(config, over, target, { oneSided: false, widths: false, kernels: false });
    expect(integerSizes(config, rounded)).toEqual(integerSizes(config, over));
    const fitted = settleParameters(config, over, target, { oneSided: true, widths: true, kernels: true });
    expect(integerCost(config, fitted)).toBeLessThan(1.011 * target);
  });

  it('rounds the depth to the blocks that are run', () => {
    const layout = parameterLayout(config);
    const parameters = fullParameters(config).with(layout.depth, 2.3 / config.blocks);
    expect((roundDepth(config, parameters)[layout.depth] ?? NaN) * config.blocks).toBeCloseTo(2, 12);
  });
});
