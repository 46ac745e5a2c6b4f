/** The networks to compare with, and the wrong starts: what shape they have, and that they cost what they should. */
import { describe, expect, it } from 'vitest';
import { fullCost, integerCost } from '../../src/dnarch/budget.ts';
import { handMadeParameters, uniformOpponent, wrongParameters } from '../../src/dnarch/opponents.ts';
import { project } from '../../src/dnarch/shapes.ts';
import { integerSizes } from '../../src/dnarch/sizes.ts';
import { networkConfig } from '../../src/engine/run.ts';
import { findTask, TASKS } from '../../src/tasks/index.ts';

const BUDGETS = [0.1, 0.25, 0.5];
const OPPONENTS = { uniform: uniformOpponent, 'hand-made': handMadeParameters, wrong: wrongParameters };

function sizesOf(task: string, opponent: keyof typeof OPPONENTS, budget: number) {
  const known = findTask(task);
  const config = networkConfig(known, known.batch);
  const target = budget * fullCost(config);
  const cost = (parameters: Float64Array): number => integerCost(config, parameters);
  const parameters = OPPONENTS[opponent](config, target, cost);
  const { blocks, kept } = integerSizes(config, parameters);
  return { config, parameters, kept, blocks, ratio: cost(parameters) / target };
}

describe.each(TASKS.map(({ id }) => id))('%s', (task) => {
  it.each(
    BUDGETS.flatMap((budget) => (['uniform', 'hand-made', 'wrong'] as const).map((name) => [name, budget] as const)),
  )('the %s network costs within 2 % of its budget of %f', (name, budget) => {
    const { config, parameters, kept, ratio } = sizesOf(task, name, budget);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
    expect(kept).toBe(config.blocks);
    expect([...project(config, parameters.slice())]).toEqual([...parameters]);
  });

  it('uniform is full resolution, one kernel size, and widths that differ in a channel', () => {
    const { config, blocks } = sizesOf(task, 'uniform', 0.25);
    const spread = (of: (block: (typeof blocks)[number]) => number): number =>
      Math.max(...blocks.map(of)) - Math.min(...blocks.map(of));
    for (const { grid, resampled, kernel } of blocks) {
      expect(grid).toEqual(config.grid);
      expect(resampled).not.toContain(true);
      expect(kernel).toEqual(blocks[0]?.kernel);
    }
    expect(
      Math.max(
        spread(({ inner }) => inner),
        spread(({ outer }) => outer),
      ),
    ).toBeLessThanOrEqual(1);
  });
});

it('the wrong start has a stride in dense prediction, none for classes, and half the kernel', () => {
  for (const task of ['ludb', 'nuclei']) {
    // At stride 2 and with half the kernel even all channels of nuclei cost only 7 % of the full network.
    const { config, blocks } = sizesOf(task, 'wrong', 0.05);
    for (const { grid, kernel } of blocks) {
      expect(grid).toEqual(config.grid.map((n) => n / 2));
      expect(kernel[0]).toBeLessThanOrEqual(Math.max(3, config.handMade.taps / 2 + 1));
    }
  }
  for (const task of ['fashion-mnist', 'sequential-mnist']) {
    const { config, blocks } = sizesOf(task, 'wrong', 0.25);
    for (const { grid, kernel } of blocks) {
      expect(grid).toEqual(config.grid);
      expect(kernel[0]).toBeLessThanOrEqual(Math.max(3, config.handMade.taps / 2 + 1));
    }
  }
});

it('a budget under the narrowest network is refused', () => {
  expect(() => sizesOf('digits', 'uniform', 0.001)).toThrow(
    /^The uniform network costs more than \d+ MAC: raise the budget\.$/,
  );
});
