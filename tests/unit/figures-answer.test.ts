import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureMap, ProbeOutput } from '../../src/engine/protocol.ts';
import { answerKind, greyOf, layoutTiles, rangeOf, runsOf, toBytes } from '../../src/figures/answer.ts';
import { fieldParts, formatShort, layoutLines, relativeError, roundUp } from '../../src/figures/answerField.ts';
import { layoutContours, layoutErrors } from '../../src/figures/answerMask.ts';
import { isExpression, layoutTokens, textOf, wordsOf } from '../../src/figures/answerTokens.ts';
import { sequenceMarks } from '../../src/figures/axes.ts';
import { layoutTrace, placeLabels } from '../../src/figures/answerTrace.ts';
import { layoutBars } from '../../src/figures/bars.ts';
import { isKnown, verdictOf } from '../../src/figures/output.ts';
import { envelope, layoutWaves } from '../../src/figures/wave.ts';

const map = (grid: number[], values: number[], channels = 1): FeatureMap => ({
  grid,
  channels,
  values: Int8Array.from(values),
  largest: 1,
});

const dense = (classes: number[], truth: number[]) => ({
  kind: 'dense' as const,
  classes: Uint8Array.from(classes),
  truth: Uint8Array.from(truth),
});

const field = (values: number[], truth: number[], channels = 1) => ({
  kind: 'field' as const,
  channels,
  values: Float32Array.from(values),
  truth: Float32Array.from(truth),
});

const choice = (probabilities: number[], truth: number) => ({
  kind: 'classes' as const,
  probabilities: Float32Array.from(probabilities),
  truth,
});

describe('the picture of an answer', () => {
  it('follows from what is asked and what is given', () => {
    const [flat, image] = [map([4], [0, 0, 0, 0]), map([2, 2], [0, 0, 0, 0])];
    const kind = (input: FeatureMap, output: ProbeOutput, tokens: Uint8Array | null = null) =>
      answerKind({ input, tokens, output });
    const one = choice([1], 0);
    expect([kind(image, one), kind(flat, one), kind(flat, one, Uint8Array.of(1))]).toEqual([
      'picture',
      'wave',
      'tokens',
    ]);
    expect([kind(flat, dense([], [])), kind(image, dense([], []))]).toEqual(['trace', 'mask']);
    expect([kind(flat, field([], [])), kind(image, field([], []))]).toEqual(['line', 'field']);
  });

  it('lies in tiles that do not overlap, within the width', () => {
    const side = fc.integer({ min: 1, max: 128 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.tuple(side, side),
        fc.integer({ min: 140, max: 1400 }),
        (n, grid, width) => {
          const { boxes, height } = layoutTiles(n, grid, width);
          expect(boxes).toHaveLength(n);
          for (const [i, box] of boxes.entries()) {
            expect(box.x + box.width).toBeLessThanOrEqual(width + 1e-6);
            expect(box.y + box.height).toBeLessThanOrEqual(height + 1e-6);
            for (const other of boxes.slice(0, i)) {
              expect(box.x >= other.x + other.width || box.y >= other.y + other.height).toBe(true);
            }
          }
        },
      ),
    );
  });
});

describe('the verdict', () => {
  const names = ['cat', 'dog'];

  it('says what is answered and whether that is right', () => {
    expect(verdictOf(choice([0.25, 0.75], 0), names)).toEqual({
      says: 'says dog (75 %)',
      fact: ['says', 'dog'],
      choice: { truth: 'cat', isRight: false },
    });
    expect(verdictOf(dense([0, 1], [0, 0]), names).says).toBe('50 % of the positions right');
    expect(verdictOf(field([1, 2], [1, 1]), names).says).toBe('relative error 0.707');
  });

  it('claims nothing where the truth is not known', () => {
    const unknown = [choice([0, 1], -1), dense([0], [255]), field([1], [NaN])];
    expect(unknown.map(isKnown)).toEqual([false, false, false]);
    expect(unknown.map((output) => verdictOf(output, names).choice)).toEqual([null, null, null]);
    expect(verdictOf(unknown[1]!, names).says).toBe('the truth is not known');
  });
});

describe('a signal', () => {
  it('keeps its peaks however narrow the drawing is', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 333 ? 9 : i === 700 ? -9 : 0));
    const points = envelope(values, 50);
    expect(points).toHaveLength(100);
    expect(Math.max(...points.map(([, value]) => value))).toBe(9);
    expect(Math.min(...points.map(([, value]) => value))).toBe(-9);
    expect(envelope([1, 2, 3], 50)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('has a lane a channel, one beneath the other', () => {
    const box = { x: 0, y: 0, width: 100, height: 60 };
    const lanes = layoutWaves(map([3], [0, 5, 9, -5, 4, 7], 2), box);
    const lowest = lanes.map((path) => Math.max(...[...path.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y))));
    expect(lanes).toHaveLength(2);
    expect(lowest[0]).toBeLessThan(30);
    expect(lowest[1]).toBeGreaterThan(30);
  });

  it('is marked over its runs, without the background; the truth’s bars grow with the class', () => {
    const layout = layoutTrace(
      map([8], Array<number>(8).fill(1)),
      dense([0, 1, 1, 0, 2, 2, 2, 0], [0, 1, 1, 0, 0, 2, 2, 255]),
      ['none', 'P', 'T'],
      0,
      null,
      60 + 80,
    );
    expect(layout.bands[0]).toBe('');
    expect(layout.bands[1]).toMatch(/^M62\.00 16\.00h20\.00v150\.00/);
    expect(layout.wrongPath.match(/M/g)).toHaveLength(1);
    expect(layout.wrongPath).toMatch(/^M92\.00 [\d.]+h10\.00/);
    const heights = layout.truthBars.map((path) => Number(/v([\d.]+)/.exec(path)?.[1] ?? 0));
    expect(heights[2]).toBeGreaterThan(heights[1]!);
    expect(layout.bandLabels.map(({ label }) => label)).toEqual([1, 2]);
  });

  it('is marked at whole positions, or in seconds where these are known', () => {
    const along = (length: number, seconds: number | null) => sequenceMarks(length, [50, 450], seconds);
    expect(along(800, null).map(({ text }) => text)).toEqual(['0', '200', '400', '600', '800']);
    expect(along(800, null).map(({ at }) => at)).toEqual([50, 150, 250, 350, 450]);
    expect(along(768, 768 / 125).map(({ text }) => text)).toEqual(['0 s', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s']);
    expect(along(512, 2048 / 4000).map(({ text }) => text)).toEqual([
      '0 s',
      '0.1 s',
      '0.2 s',
      '0.3 s',
      '0.4 s',
      '0.5 s',
    ]);
    expect(along(768, 768 / 125).at(-1)?.at).toBeCloseTo(50 + (400 * 6 * 125) / 768, 6);
    expect(along(3, null).every(({ text }) => /^\d$/.test(text))).toBe(true);
  });

  it('names a run only where there is room', () => {
    const runs = runsOf([1, 2, 1]);
    expect(placeLabels(runs, ['', 'wide name', 'x'], (at) => 10 * at).map(({ label }) => label)).toEqual([1]);
    expect(placeLabels(runs, ['', 'a', 'b'], (at) => 20 * at).map(({ x }) => x)).toEqual([10, 30, 50]);
  });
});

describe('a mask', () => {
  const box = { x: 0, y: 0, width: 4, height: 2 };

  it('tells what is missed, too much and mixed up apart', () => {
    const output = dense([0, 1, 2, 0, 1, 1, 0, 0], [1, 0, 1, 0, 1, 1, 255, 0]);
    expect(layoutErrors(output, [2, 4], 0, box)).toEqual({
      missed: 'M0.00 0.00h1.00v1.00h-1.00z',
      excess: 'M1.00 0.00h1.00v1.00h-1.00z',
      mixed: 'M2.00 0.00h1.00v1.00h-1.00z',
    });
  });

  it('has edges around what is true, and none around the background', () => {
    const labels = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    const [background, edge = ''] = layoutContours(labels, [4, 4], 2, 0, { ...box, height: 4 });
    expect(background).toBe('');
    const corners = [...edge.matchAll(/([\d.]+) ([\d.]+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
    expect([Math.min(...corners), Math.max(...corners)]).toEqual([1, 3]);
  });
});

describe('a field', () => {
  it('is measured by its error relative to its size', () => {
    expect(relativeError(field([3, 4], [3, 4]))).toBe(0);
    expect(relativeError(field([0, 0], [3, 4]))).toBe(1);
  });

  it('shares the truth’s scale, or has its own where none is known', () => {
    const parts = fieldParts(field([0, 9, 3, 9], [1, 9, 5, 9], 2));
    expect(parts.range).toEqual([1, 5]);
    expect([...parts.error]).toEqual([-1, -2]);
    expect(parts.mostError).toBe(2);
    expect(fieldParts(field([2, 4], [NaN, NaN])).range).toEqual([2, 4]);
  });

  it('has round ends of the error’s scale', () => {
    expect([0.0031, 0.2, 0.21, 7, 10.5, 0].map(roundUp)).toEqual([0.005, 0.2, 0.5, 10, 20, 1]);
    expect([-0.00055, 1 / 3, 0].map(formatShort)).toEqual(['−0.00055', '0.333', '0']);
  });

  it('over one axis stays in its plot, and leaves out what is not known', () => {
    const parts = fieldParts(field([0, 1, 2], [NaN, NaN, NaN]));
    const { plot, answer, truth } = layoutLines(parts, Int8Array.of(1, 2, 3), 400);
    expect(truth).toBe('');
    const heights = [...answer.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(plot.y);
    expect(Math.max(...heights)).toBeLessThanOrEqual(plot.y + plot.height);
  });

  it('becomes bytes from least to largest', () => {
    expect([...toBytes([-1, 0, 1, 9], [0, 1])]).toEqual([0, 0, 255, 255]);
    expect(rangeOf([2, 2])).toEqual([1.5, 2.5]);
    expect([...greyOf(map([1, 2], [0, 2, 4, 6], 2))]).toEqual([0, 255]);
  });
});

describe('tokens', () => {
  const letters = ['padding', 'other', ' ', 'a', 'b', 'c'];
  const operators = ['', '[MAX', '[MIN', ']', '0', '1', '2', '3'];

  it('of letters are a text without its padding', () => {
    const words = wordsOf(Uint8Array.of(3, 4, 2, 1, 5, 0, 0), letters);
    expect(textOf(words)).toBe('ab □c');
    expect(isExpression(words)).toBe(false);
    expect(layoutTokens(words, 3).lines.map(({ rest }) => rest)).toEqual(['ab', '□c']);
  });

  it('of an expression stay on a line while there is room', () => {
    const words = ['[MAX', '1', '[MIN', '2', '3', ']', ']'];
    const { lines, nests } = layoutTokens(words, 40);
    expect(lines).toEqual([{ operators: '[MAX   [MIN     ] ]', rest: '     1      2 3' }]);
    expect(nests).toEqual([
      { depth: 0, line: 0, from: 0, lastLine: 0, to: 19 },
      { depth: 1, line: 0, from: 7, lastLine: 0, to: 17 },
    ]);
  });

  it('of an expression keep their order, one bracket in the other, whatever the width', () => {
    const token = fc.integer({ min: 1, max: operators.length - 1 });
    fc.assert(
      fc.property(fc.array(token, { maxLength: 200 }), fc.integer({ min: 30, max: 100 }), (tokens, columns) => {
        const words = ['[MAX', ...wordsOf(Uint8Array.from(tokens), operators)];
        const { lines, nests } = layoutTokens(words, columns);
        const written = lines.map(({ operators: over, rest }) =>
          Array.from(
            { length: Math.max(over.length, rest.length) },
            (_, i) => (over[i] ?? ' ').trim() || (rest[i] ?? ' '),
          ).join(''),
        );
        expect(
          written
            .join(' ')
            .split(/\s+/)
            .filter((word) => word !== ''),
        ).toEqual(words);
        for (const [i, nest] of nests.entries()) {
          const outer = nests.slice(0, i).findLast(({ depth }) => depth < nest.depth);
          if (outer === undefined) continue;
          expect(nest.line >= outer.line && nest.lastLine <= outer.lastLine && nest.from >= outer.from).toBe(true);
        }
      }),
    );
  });
});

describe('bars', () => {
  it('keep the order of few classes, and rank many', () => {
    const few = layoutBars(choice([0.1, 0.7, 0.2], 0), ['a', 'b', 'c'], 400);
    expect(few.bars.map(({ index }) => index)).toEqual([0, 1, 2]);
    const many = layoutBars(
      choice(
        Array.from({ length: 100 }, (_, i) => i / 4950),
        3,
      ),
      [],
      400,
    );
    expect(many.bars.map(({ index }) => index)).toEqual([99, 98, 97, 96, 95, 94, 93, 92, 91, 3]);
    expect(many.left + many.length).toBeLessThan(400);
  });
});
