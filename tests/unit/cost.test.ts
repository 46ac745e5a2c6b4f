/** The cost in its two forms, its gradient, and the budget's pull; no backend. */
import { describe, expect, it } from 'vitest';
import { duals, NUMBERS, product } from '../../src/architecture/algebra.ts';
import { liftCost, networkCost, resamplingCost } from '../../src/architecture/cost.ts';
import { budgetForce, fullCost, integerCost, logCostGradient, realCost } from '../../src/dnarch/budget.ts';
import { SNAP, type NetworkConfig } from '../../src/dnarch/config.ts';
import { parameterLayout } from '../../src/dnarch/parameters.ts';
import { random, type Random } from '../../src/dnarch/random.ts';
import { fullParameters, project } from '../../src/dnarch/shapes.ts';
import { networkConfig } from '../../src/engine/run.ts';
import { TASKS } from '../../src/tasks/index.ts';
import { CONFIGS, LONG_KERNELS } from '../support/networks.ts';
import { slope } from '../support/numbers.ts';

const TASK_CONFIGS = TASKS.map((task) => [task.id, networkConfig(task, task.batch)] as const);

/** Anywhere in the range; resampled axes and whole ones in equal parts. */
function anyParameters(config: NetworkConfig, draw: Random, least = 0.15): Float64Array {
  const layout = parameterLayout(config);
  const parameters = Float64Array.from({ length: layout.size }, () => draw.uniform(least, 1));
  for (let block = 0; block < layout.blocks; block++) {
    for (let axis = 0; axis < layout.dimensions; axis++) {
      const resampled = draw.uniform(0, 1) < 0.5;
      parameters[layout.resolution(block, axis)] = resampled ? draw.uniform(0.6, 0.98 * SNAP) : 1;
    }
  }
  return project(config, parameters);
}

describe('dual numbers', () => {
  it('carry the derivatives of sums and products', () => {
    const a = duals(2);
    const [x, y] = [a.variable(3, 0), a.variable(5, 1)];
    // x²y + 2x: derivatives 2xy + 2 and x².
    const f = a.add(product(a, [x, x, y]), a.multiply(a.constant(2), x));
    expect(f.value).toBe(51);
    expect([...f.gradient]).toEqual([32, 9]);
  });
});

describe('the cost by hand', () => {
  it('of one block on a sequence', () => {
    const context = {
      grid: [10],
      channels: 2,
      tokens: false,
      periodic: false,
      kind: 'classes',
      outputs: 3,
      batch: 5,
      generator: { hidden: 4, filters: 2 },
    } as const;
    const block = { presence: 1, grid: [10], resampled: [false], kernel: [3], inner: 6, outer: 7, whole: true };
    const cost = networkCost(NUMBERS, context, [block]);
    const convolution = 10 * 3 * 7;
    const mixing = 10 * (7 * 6 + 6 * 7);
    // A tap: the phases of two filters of 4, one mixing of 4 by 4, and 7 channels of 4; shared by 5 samples.
    const kernel = (3 * (1 * 8 + 16 + 28)) / 5;
    expect(cost.blocks[0]).toBeCloseTo(convolution + mixing + kernel, 9);
    expect(cost.ends).toBe(10 * 2 * 7 + 7 * 3);
    expect(cost.total).toBeCloseTo(convolution + mixing + kernel + cost.ends, 9);
  });

  it.each([
    // 2 lines from 20 to 10, factored: 2·10·30, then the lift of 10 points.
    ['before the lift, where the input has fewer channels', 2, false, 600, 10 * 2 * 3],
    // 3 lines: 3·10·30, after the lift of 20 points.
    ['before it, where it has as many', 3, false, 900, 10 * 3 * 3],
    // 4 lines and 10 points would cost 1200 + 120, 3 lines and 20 points cost 900 + 240.
    ['after it, where more channels would cost more than the lift saves', 4, false, 900, 20 * 4 * 3],
    ['after it, where it is tokens, which are looked up for nothing', 2, true, 900, 0],
  ])('of the first resampling: it comes %s', (_, channels, tokens, resampling, lift) => {
    const generator = { hidden: 4, filters: 2 };
    const context = {
      grid: [20],
      channels,
      tokens,
      periodic: false,
      kind: 'classes',
      outputs: 3,
      batch: 1,
      generator,
    } as const;
    const block = { presence: 1, grid: [10], resampled: [true], kernel: [3], inner: 6, outer: 3, whole: true };
    const second = { ...block, resampled: [false] };
    const kernel = 3 * (1 * 8 + 16 + 4 * 3);
    const rest = 10 * 3 * 3 + 10 * 6 * (3 + 3) + kernel;
    const cost = networkCost(NUMBERS, context, [block, second]);
    expect(cost.blocks).toEqual([resampling + rest, rest]);
    expect(cost.ends).toBe(lift + 3 * 3);
    expect(liftCost(NUMBERS, context, block).resampledFirst).toBe(channels <= 3 && !tokens);
  });

  it('of resampling, by the cheaper of two ways', () => {
    // 100 lines from 20 to 10: assembled 10·20·10/4 + 100·200 = 20500, factored 100·10·30 = 30000.
    expect(resamplingCost(NUMBERS, 20, 10, 100, 4)).toEqual({ plan: 'assembled', macs: 20_500 });
    // 2 lines, a sample a batch: 2000 + 400 against 600.
    expect(resamplingCost(NUMBERS, 20, 10, 2, 1)).toEqual({ plan: 'factored', macs: 600 });
  });
});

// Of the tasks' networks: where a kernel of a few taps may not get smaller, the two forms differ by that.
describe.each(TASK_CONFIGS)('%s', (_, config) => {
  it('costs the same on average by integers and by real numbers', () => {
    const draw = random(1, 20);
    const ratios = Array.from({ length: 1000 }, () => {
      const parameters = anyParameters(config, draw, 0.5);
      return Math.log(integerCost(config, parameters) / realCost(config, parameters));
    });
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.sqrt(ratios.reduce((a, b) => a + (b - mean) ** 2, 0) / ratios.length)).toBeLessThan(0.2);
  });
});

describe.each([...CONFIGS, ...LONG_KERNELS, ...TASK_CONFIGS])('%s', (_, config) => {
  const layout = parameterLayout(config);

  it('has the gradient of finite differences where resampling runs, and a secant where it does not', async () => {
    const draw = random(2, 20);
    for (let trial = 0; trial < 5; trial++) {
      const parameters = anyParameters(config, draw);
      const gradient = logCostGradient(config, parameters);
      for (let i = 0; i < layout.size; i++) {
        const at = (value: number): number => Math.log(realCost(config, parameters.with(i, value)));
        const whole = isResolution(config, i) && (parameters[i] ?? NaN) >= SNAP;
        const expected = whole
          ? Math.max(0, (at(1) - at(SNAP - 1e-6)) / (1 - SNAP))
          : await slope(at, parameters[i] ?? NaN, 1e-5);
        expect(gradient[i], `parameter ${i}`).toBeCloseTo(expected, 5);
      }
    }
  });

  it('grows with every size', () => {
    const draw = random(3, 20);
    const parameters = anyParameters(config, draw);
    const gradient = logCostGradient(config, parameters);
    for (let i = 0; i < layout.size; i++) {
      if (!isResolution(config, i)) expect(gradient[i]).toBeGreaterThanOrEqual(0);
    }
    expect(gradient[layout.depth]).toBeGreaterThan(0);
    expect(gradient[layout.inner(0)]).toBeGreaterThan(0);
  });

  it('is the full cost for the full parameters, and less for any others', () => {
    const full = fullParameters(config);
    expect(integerCost(config, full)).toBe(fullCost(config));
    expect(Math.abs(Math.log(realCost(config, full) / fullCost(config)))).toBeLessThan(0.1);
    for (const index of [layout.inner(0), layout.outer(1), layout.depth, layout.kernel(0, 0)]) {
      expect(integerCost(config, full.with(index, 0.5))).toBeLessThan(fullCost(config));
    }
  });

  it('pulls with λ·ln²(C/target), and with one side from above alone', async () => {
    const parameters = anyParameters(config, random(4, 20)).with(layout.depth, 1 - 0.4 / config.blocks);
    const macs = integerCost(config, parameters);
    for (const factor of [0.5, 2]) {
      const budget = { target: macs * factor, lambda: 3, oneSided: false };
      const force = budgetForce(config, parameters, budget);
      expect(force.macs).toBe(macs);
      expect(force.loss).toBeCloseTo(3 * Math.log(factor) ** 2, 9);
      // Straight-through: the pull is by the integer cost, the slope by the real one.
      const at = (value: number): number =>
        3 *
        (Math.log(realCost(config, parameters.with(layout.depth, value)) / realCost(config, parameters)) -
          Math.log(factor)) **
          2;
      expect(force.gradient[layout.depth]).toBeCloseTo(await slope(at, parameters[layout.depth] ?? NaN, 1e-4), 4);
      const oneSided = budgetForce(config, parameters, { ...budget, oneSided: true });
      if (factor > 1) expect([oneSided.loss, ...oneSided.gradient].every((value) => value === 0)).toBe(true);
      else expect(oneSided).toEqual(force);
    }
  });
});

function isResolution(config: NetworkConfig, index: number): boolean {
  const d = config.grid.length;
  const within = index % (2 * d + 2);
  return index < parameterLayout(config).depth && within >= d && within < 2 * d;
}
