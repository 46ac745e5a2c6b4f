import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alike } from '../../src/figures/alike.ts';
import { layoutNetwork } from '../../src/figures/network.ts';
import { cellTexts, fitText } from '../../src/figures/networkFacts.ts';
import { blockAt, walk } from '../../src/figures/networkKeys.ts';
import { agreement, layoutDense, layoutMask, layoutStrip, topClasses } from '../../src/figures/output.ts';
import { layoutTraces } from '../../src/figures/trace.ts';
import { architectures } from '../support/architectures.ts';
import { FAKE_IMAGES, FAKE_SEQUENCES, fakeArchitecture, fakeProbe } from './app-fixture.ts';

const classesOutput = (probabilities: number[], truth: number) => ({
  kind: 'classes' as const,
  probabilities: Float32Array.from(probabilities),
  truth,
});

const denseOutput = (classes: number[], truth: number[]) => ({
  kind: 'dense' as const,
  classes: Uint8Array.from(classes),
  truth: Uint8Array.from(truth),
});

describe('topClasses', () => {
  it('ranks by probability', () => {
    const top = topClasses(classesOutput([0.125, 0.5, 0.125, 0.25], 1), 3);
    expect(top.map(({ index }) => index)).toEqual([1, 3, 0]);
    expect(top.map(({ isTruth }) => isTruth)).toEqual([true, false, false]);
  });

  it('keeps the truth in sight, in the last place', () => {
    const top = topClasses(classesOutput([0.125, 0.5, 0.0625, 0.25], 2), 3);
    expect(top.map(({ index }) => index)).toEqual([1, 3, 2]);
  });
});

describe('a dense answer', () => {
  it('agrees on the positions that are counted', () => {
    expect(agreement(denseOutput([0, 1, 1, 2], [0, 1, 2, 255]))).toBeCloseTo(2 / 3);
    expect(agreement(denseOutput([0], [255]))).toBeNaN();
  });

  it('is drawn in runs: two rows of two classes', () => {
    const box = { x: 0, y: 0, width: 4, height: 2 };
    const paths = layoutMask(Uint8Array.from([0, 0, 1, 1, 1, 255, 255, 0]), [2, 4], box, 2);
    expect(paths).toEqual([
      'M0.00 0.00h2.00v1.00h-2.00zM3.00 1.00h1.00v1.00h-1.00z',
      'M2.00 0.00h2.00v1.00h-2.00zM0.00 1.00h1.00v1.00h-1.00z',
    ]);
  });

  it('of a sequence gets broader with the class, from the middle to both sides', () => {
    const box = { x: 0, y: 0, width: 10, height: 4 };
    const labels = Uint8Array.from([0, 1, 1, 255]);
    expect(layoutStrip(labels, box, 2, 'left')).toEqual([
      'M0.00 0.00h5.00v1.00h-5.00z',
      'M0.00 1.00h10.00v2.00h-10.00z',
    ]);
    expect(layoutStrip(labels, box, 2, 'right')[0]).toBe('M5.00 0.00h5.00v1.00h-5.00z');
  });

  it('stays within the output’s room, at one scale', () => {
    fc.assert(
      fc.property(architectures(), fc.integer({ min: 280, max: 1600 }), (architecture, width) => {
        const room = layoutNetwork(architecture, width).cells.at(-1)!.slab;
        const { truth, answer } = layoutDense(architecture.input.grid, room);
        expect(truth.width).toBeCloseTo(answer.width, 9);
        expect(truth.height).toBeCloseTo(answer.height, 9);
        for (const box of [truth, answer]) {
          expect(box.x).toBeGreaterThanOrEqual(room.x);
          expect(box.x + box.width).toBeLessThanOrEqual(room.x + room.width + 1e-6);
          expect(box.y).toBeGreaterThanOrEqual(room.y - 1e-6);
          expect(box.y + box.height).toBeLessThanOrEqual(room.y + room.height + 1e-6);
        }
      }),
    );
  });
});

describe('walk', () => {
  const count = 5;
  it('goes left and right and stops at both ends', () => {
    expect(walk({ at: 0, chosen: null }, 'ArrowLeft', count)).toEqual({ at: 0, chosen: null });
    expect(walk({ at: 0, chosen: null }, 'ArrowRight', count)).toEqual({ at: 1, chosen: null });
    expect(walk({ at: 4, chosen: 1 }, 'ArrowRight', count)).toEqual({ at: 4, chosen: 1 });
    expect(walk({ at: 3, chosen: 1 }, 'Home', count)).toEqual({ at: 0, chosen: 1 });
    expect(walk({ at: 0, chosen: 1 }, 'End', count)).toEqual({ at: 4, chosen: 1 });
  });

  it('chooses a block, lets it go again, and knows that the ends are no blocks', () => {
    expect(walk({ at: 2, chosen: null }, 'Enter', count)).toEqual({ at: 2, chosen: 1 });
    expect(walk({ at: 2, chosen: 1 }, ' ', count)).toEqual({ at: 2, chosen: null });
    expect(walk({ at: 4, chosen: 1 }, 'Enter', count)).toEqual({ at: 4, chosen: null });
    expect([0, 1, 3, 4].map((position) => blockAt(position, count))).toEqual([null, 0, 2, null]);
  });

  it('leaves Escape to the page where nothing is chosen, and all other keys', () => {
    expect(walk({ at: 2, chosen: 0 }, 'Escape', count)).toEqual({ at: 2, chosen: null });
    expect(walk({ at: 2, chosen: null }, 'Escape', count)).toBeNull();
    expect(walk({ at: 2, chosen: null }, 'ArrowDown', count)).toBeNull();
  });

  it('never leaves the figure', () => {
    const keys = fc.array(fc.constantFrom('ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter', ' ', 'Escape', 'x'));
    fc.assert(
      fc.property(keys, fc.integer({ min: 3, max: 18 }), (pressed, cells) => {
        const end = pressed.reduce((now, key) => walk(now, key, cells) ?? now, {
          at: 1,
          chosen: null as number | null,
        });
        expect(end.at >= 0 && end.at < cells).toBe(true);
        expect(end.chosen === null || (end.chosen >= 0 && end.chosen < cells - 2)).toBe(true);
      }),
    );
  });
});

describe('cellTexts', () => {
  const images = fakeArchitecture(FAKE_IMAGES, 0.3, 100);
  const names = Array.from({ length: 10 }, (_, i) => `kind ${i}`);

  it('has a text a cell, of at most five facts', () => {
    fc.assert(
      fc.property(architectures(), fc.boolean(), (architecture, narrow) => {
        const texts = cellTexts(architecture, fakeProbe(architecture).output, names, narrow);
        expect(texts).toHaveLength(architecture.blocks.length + 2);
        for (const { facts } of texts) expect(facts.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('says in words whether the answer is right', () => {
    const output = (truth: number) => classesOutput([0.25, 0.75, ...Array<number>(8).fill(0)], truth);
    const last = (truth: number) => cellTexts(images, output(truth), names, false).at(-1);
    expect(last(1)?.label).toBe('output: says kind 1 (75 %), the truth is kind 1: right');
    expect(last(0)?.facts).toEqual([
      ['says', 'kind 1'],
      ['◆ truth', 'kind 0'],
      ['✗', 'wrong'],
    ]);
  });

  it('cuts what is too long', () => {
    expect(fitText('Trouser', 200)).toBe('Trouser');
    expect(fitText('Ankle boot', 50)).toBe('Ankle…');
  });
});

describe('layoutTraces', () => {
  it('keeps the signal within its room', () => {
    const { input } = fakeProbe(fakeArchitecture(FAKE_SEQUENCES, 0.3, 100));
    const [path = ''] = layoutTraces(input, { x: 10, y: 20, width: 80, height: 150 });
    const points = [...path.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(points).toHaveLength(768);
    for (const [x = NaN, y = NaN] of points) expect(x >= 10 && x <= 90 && y >= 20 && y <= 170).toBe(true);
  });
});

describe('alike', () => {
  it('looks into objects and lists, and takes buffers for what they are', () => {
    expect(alike({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBe(true);
    expect(alike({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toBe(false);
    expect(alike({ a: 1, b: undefined }, { a: 1, c: undefined })).toBe(false);
    expect(alike(Uint8Array.of(1), Uint8Array.of(1))).toBe(false);
  });
});

describe('the colours', () => {
  const read = (path: string) => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');
  /** `[light, dark]` by name. */
  const colours = new Map(
    [
      ...`${read('app/tokens.css')}${read('figures/network.css')}`.matchAll(
        /--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)/g,
      ),
    ].map(([, name = '', light = '', dark = '']) => [name, [light, dark]] as const),
  );
  const least = (name: string, ground: string): number =>
    Math.min(...[0, 1].map((i) => contrast(colours.get(name)?.[i] ?? '', colours.get(ground)?.[i] ?? '')));

  it('of the classes are ten, of at least 3:1 on the surface, light and dark', () => {
    const classes = [...colours.keys()].filter((name) => name.startsWith('cat-'));
    expect(classes).toHaveLength(10);
    for (const name of classes) expect(least(name, 'surface'), name).toBeGreaterThan(3);
  });

  it('of text are at least 4.5:1 on all that text stands on', () => {
    for (const name of ['ink', 'muted', 'accent', 'task', 'budget', 'danger']) {
      for (const ground of ['paper', 'surface', 'sunken']) {
        expect(least(name, ground), `${name} on ${ground}`).toBeGreaterThan(4.5);
      }
    }
    expect(least('on-accent', 'accent')).toBeGreaterThan(4.5);
  });
});

/** Contrast of two colours by WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const value = parseInt(hex.slice(2 * i, 2 * i + 2), 16) / 255;
      return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}
