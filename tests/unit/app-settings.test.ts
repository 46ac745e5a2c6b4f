import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetAt, percentAlong, positionOf, POSITION_RANGE } from '../../src/app/budget.ts';
import { readLink, writeLink } from '../../src/app/permalink.ts';
import { defaultSettings, runSettings, settingTable, type PageSettings } from '../../src/app/settings.ts';
import { BACKENDS } from '../../src/engine/protocol.ts';

const table = settingTable([{ id: 'fashion-mnist' }, { id: 'ludb' }]);
const defaults = defaultSettings(table);

/** Numbers as the controls give them: three significant digits. */
const decimal = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => Math.min(max, Math.max(min, Number(value.toPrecision(3)))));

const settings: fc.Arbitrary<PageSettings> = fc.record({
  task: fc.constantFrom('fashion-mnist', 'ludb'),
  seed: fc.integer({ min: 0, max: 999_999 }),
  learn: fc.record({ K: fc.boolean(), R: fc.boolean(), W: fc.boolean(), D: fc.boolean() }),
  budget: decimal(0.02, 1),
  lambda: decimal(0.001, 10),
  oneSided: fc.boolean(),
  learningRate: decimal(0.0001, 0.1),
  maskLearningRate: decimal(0.0001, 0.1),
  batch: fc.constantFrom(null, 8, 64),
  dropout: decimal(0.001, 0.5),
  start: fc.constantFrom('budget', 'full'),
  backend: fc.constantFrom('auto', ...BACKENDS),
});

describe('the permalink', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(settings, (written) => {
        const { settings: read, notices } = readLink(table, `#${writeLink(table, written)}`);
        expect(read).toEqual(written);
        expect(notices).toEqual([]);
      }),
    );
  });

  it('is empty for the defaults and names only what differs', () => {
    expect(writeLink(table, defaults)).toBe('');
    expect(writeLink(table, { ...defaults, task: 'ludb', budget: 0.1 })).toBe('task=ludb&budget=0.1');
    expect(readLink(table, '')).toEqual({ settings: defaults, notices: [] });
  });

  it('reports a bad value, uses its default and keeps the rest', () => {
    const { settings: read, notices } = readLink(table, '#task=ludb&budget=7&seed=3');
    expect(read).toEqual({ ...defaults, task: 'ludb', seed: 3 });
    expect(notices).toEqual(['The link says budget=7, but budget must be at most 1. Using 0.25 instead.']);
  });

  it.each([
    'task=nope',
    'seed=1.5',
    'learn=XYZ',
    'learn=DK',
    'budget=',
    'batch=0',
    'start=now',
    'backend=tpu',
    'onesided=yes',
    'lr=1e9',
  ])('reports %s and falls back to the defaults', (text) => {
    const { settings: read, notices } = readLink(table, text);
    expect(read).toEqual(defaults);
    expect(notices).toHaveLength(1);
  });

  it('reports what is no setting', () => {
    expect(readLink(table, 'colour=red').notices).toEqual([
      'The link says colour=red, which is not a setting of this page. Ignored.',
    ]);
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readLink(table, text).settings.budget).toBeGreaterThan(0);
      }),
    );
  });
});

describe('run settings', () => {
  it('take the batch of the task unless one is chosen', () => {
    expect(runSettings(defaults, { batch: 32 })).toMatchObject({ batch: 32, steps: null, budget: 0.25 });
    expect(runSettings({ ...defaults, batch: 8 }, { batch: 32 }).batch).toBe(8);
    expect(runSettings(defaults, { batch: 32 })).not.toHaveProperty('backend');
  });
});

describe('the budget’s slider', () => {
  it('is logarithmic and stays within 2 to 100 %', () => {
    expect(budgetAt(POSITION_RANGE.min)).toBe(0.02);
    expect(budgetAt(-1)).toBe(0.1);
    expect(budgetAt(POSITION_RANGE.max)).toBe(1);
    expect(positionOf(0.1)).toBe(-1);
  });

  it('moves at each of its steps, both ways', () => {
    for (let position = -1.68; position < -0.01; position += POSITION_RANGE.step) {
      expect(budgetAt(position + POSITION_RANGE.step)).toBeGreaterThan(budgetAt(position));
    }
  });

  it('marks costs beyond it at its ends', () => {
    expect(percentAlong(5)).toBe(100);
    expect(percentAlong(0)).toBe(0);
  });
});
