/** The generated expressions, pictures and noise against independent readings of them, and what is known of their sets. */
import { describe, expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { denoise, denoisedFashion } from '../../src/tasks/denoise.ts';
import { digits } from '../../src/tasks/digits.ts';
import { TOKENS, listOps } from '../../src/tasks/generators/listops.ts';
import { LEVELS, SIDE, pathfinder, tailOf, type Place } from '../../src/tasks/generators/pathfinder.ts';
import { ask, paint, trace } from '../../src/tasks/generators/pathfinderImages.ts';
import { FULL, fullListOps, shortListOps } from '../../src/tasks/listops.ts';
import { pathfinderSamples, tracedSamples } from '../../src/tasks/pathfinder.ts';
import { readPublic } from '../support/public.ts';

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: ArrayLike<number>): number => {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
};

const words = (tokens: Uint8Array): string[] =>
  Array.from(tokens, (token) => TOKENS[token]!).filter((word) => word !== '');

/** Replaces the innermost bracket by its value until nothing is left to replace. */
function evaluate(text: string): number {
  const inner = /\[(MIN|MAX|MED|SM)((?: \d)+) \]/;
  for (let found = inner.exec(text); found !== null; found = inner.exec(text)) {
    const values = found[2]!.trim().split(' ').map(Number);
    const inOrder = values.toSorted((a, b) => a - b);
    const n = values.length;
    const value = {
      MIN: inOrder[0]!,
      MAX: inOrder[n - 1]!,
      MED: n % 2 === 1 ? inOrder[(n - 1) / 2]! : Math.trunc((inOrder[n / 2 - 1]! + inOrder[n / 2]!) / 2),
      SM: Number(String(values.reduce((a, b) => a + b)).at(-1)),
    }[found[1] as 'MIN' | 'MAX' | 'MED' | 'SM'];
    text = text.replace(found[0], String(value));
  }
  return Number(text);
}

describe('ListOps', () => {
  it('reads its own examples', () => {
    expect(evaluate('[MAX 4 3 [MIN 2 3 ] 1 0 [MED 1 5 8 9 2 ] ]')).toBe(5); // the example of the Long Range Arena
    expect(evaluate('[SM 9 [MED 2 5 ] ]')).toBe(2);
  });

  it('gives each short expression its value, with the statistics of its set', async () => {
    const parts: number[] = [];
    const { train, test } = await shortListOps.load(readPublic, (part) => parts.push(part));
    expect([train.count, test.count, train.inputs.length, parts.at(-1)]).toEqual([8000, 2000, 8000 * 128, 1]);
    const expressions = Array.from({ length: train.count }, (_, i) =>
      words(train.inputs.subarray(i * 128, (i + 1) * 128) as Uint8Array),
    );
    for (let i = 0; i < 1000; i++) expect(evaluate(expressions[i]!.join(' '))).toBe(train.labels[i]);
    const lengths = expressions.map(({ length }) => length);
    expect(Math.min(...lengths)).toBe(17);
    expect(Math.max(...lengths)).toBeLessThan(128);
    expect(Math.abs(mean(lengths) - 30)).toBeLessThan(1);
    expect(new Set(expressions.map((expression) => expression.join(' '))).size).toBe(train.count);
    // Padding comes first, and only first.
    const first = train.inputs.subarray(0, 128) as Uint8Array;
    expect([...first.subarray(0, 128 - lengths[0]!)].every((token) => token === 0)).toBe(true);
    expect(first.subarray(128 - lengths[0]!)).not.toContain(0);

    const right = (groupOf: (index: number) => string): number => {
      const counts = new Map<string, number[]>();
      for (let i = 0; i < train.count; i++) {
        const group = counts.get(groupOf(i)) ?? new Array<number>(10).fill(0);
        group[train.labels[i]!]! += 1;
        counts.set(groupOf(i), group);
      }
      return [...counts.values()].reduce((all, group) => all + Math.max(...group), 0) / train.count;
    };
    expect(Math.abs(right(() => '') - 0.119)).toBeLessThan(0.01);
    expect(Math.abs(right((i) => expressions[i]![0]!) - 0.244)).toBeLessThan(0.015);
  });

  it('gives each long expression its value', () => {
    const length = fullListOps.grid[0]!;
    const next = listOps(FULL, random(1, 0));
    const tokens = new Uint8Array(length);
    for (let i = 0; i < 20; i++) {
      const value = next(tokens);
      const expression = words(tokens);
      expect(expression.length).toBeGreaterThan(500);
      expect(evaluate(expression.join(' '))).toBe(value);
    }
  });
});

describe.each(Object.entries(LEVELS))('Pathfinder, %s', (_, level) => {
  const draw = random(1, 0);
  const next = pathfinder(level, draw);
  const scenes = Array.from({ length: 60 }, next);

  it('has two snakes of whole length that never turn back, and nearly all short ones', () => {
    for (const { targets, distractors } of scenes) {
      for (const snake of targets) {
        expect(snake.length).toBe(level.dashes);
        for (const [i, dash] of snake.entries()) {
          const before = snake[i - 1];
          if (before === undefined) continue;
          // Two dashes' worth of length and gap, bent and moved to whole pixels.
          expect(Math.abs(Math.hypot(dash.x - before.x, dash.y - before.y) - 4)).toBeLessThan(2);
          expect(Math.cos(((dash.degree - before.degree) * Math.PI) / 180)).toBeGreaterThan(0);
        }
      }
      for (const { x, y } of [...targets, ...distractors].flat()) {
        expect(Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y)).toBeGreaterThan(0);
      }
    }
    expect(mean(scenes.map(({ distractors }) => distractors.length))).toBeGreaterThan(0.95 * level.distractors);
  });

  it('marks two ends of one snake for label 1, of two for label 0', () => {
    const same = (a: Place, b: Place): boolean => a.x === b.x && a.y === b.y;
    const image = new Uint8Array(SIDE * SIDE);
    for (const scene of scenes) {
      const { marked, label } = ask(scene, draw);
      const both = scene.targets.filter(
        (snake) => same(marked[0], tailOf(snake[0]!)) && same(marked[1], snake.at(-1)!),
      );
      expect(both).toHaveLength(label);
      paint(scene, marked, image);
      for (const { x, y } of marked) expect(image[y * SIDE + x]).toBeGreaterThan(200);
    }
  });
});

describe('Pathfinder', () => {
  it('is as bright as it should be, with as many pictures of each answer', () => {
    const next = pathfinderSamples('hard', 2);
    const image = new Uint8Array(SIDE * SIDE);
    const [greys, lit, labels]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < 400; i++) {
      labels.push(next(image));
      greys.push(mean(image));
      lit.push(image.filter((grey) => grey > 0.15 * 255).length / image.length);
    }
    expect(Math.abs(mean(greys) - 21)).toBeLessThan(3);
    expect(Math.abs(mean(lit) - 0.16)).toBeLessThan(0.015);
    expect(Math.abs(mean(labels) - 0.5)).toBeLessThan(0.08);
  });

  it('traces one snake: lit pixels near it, no more than its dashes have', () => {
    const [scene] = [pathfinder(LEVELS.easy, random(3, 0))()];
    const [path, image] = [new Uint8Array(SIDE * SIDE), new Uint8Array(SIDE * SIDE)];
    trace(scene.targets[0], path);
    paint(scene, [], image);
    path.forEach((on, at) => {
      if (on === 0) return;
      const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
      expect(Math.min(...scene.targets[0].map((dash) => Math.hypot(dash.x - x, dash.y - y)))).toBeLessThan(3);
      expect(image[at]).toBeGreaterThan(0);
    });
    const pixels = path.reduce((a, b) => a + b, 0);
    expect(pixels).toBeGreaterThanOrEqual(2 * LEVELS.easy.dashes - 2);
    expect(pixels).toBeLessThan(5 * LEVELS.easy.dashes);
  });

  it('is the same for the same seed, and another for another', () => {
    const bytes = (seed: number): Uint8Array[] => {
      const both = [new Uint8Array(SIDE * SIDE), new Uint8Array(SIDE * SIDE), new Uint8Array(SIDE * SIDE)];
      pathfinderSamples('intermediate', seed)(both[0]!);
      tracedSamples('easy', seed)(both[1]!, both[2]!);
      return both;
    };
    expect(bytes(1)).toEqual(bytes(1));
    expect(bytes(2)).not.toEqual(bytes(1));
  });
});

describe('denoising', () => {
  it('lays noise of the stated deviation over any images, and asks for the clean ones', async () => {
    const { id, title, description, thumbnail, field } = denoisedFashion;
    const task = denoise(digits, { id, title, description, thumbnail, field: field!, deviation: 0.5 });
    const clean = await digits.load(readPublic, () => undefined);
    const noisy = await task.load(readPublic, () => undefined);
    for (const half of ['train', 'test'] as const) {
      const { inputs, labels, scale, offset } = noisy[half];
      expect([...labels]).toEqual([...clean[half].inputs]);
      const noise = Array.from(
        inputs,
        (value, i) => value * scale + offset - (labels[i]! * clean[half].scale + clean[half].offset),
      );
      expect(Math.abs(mean(noise))).toBeLessThan(0.01);
      expect(Math.abs(deviation(noise) - 0.5)).toBeLessThan(0.01);
    }
    expect((await task.load(readPublic, () => undefined)).test.inputs).toEqual(noisy.test.inputs);
    expect([task.kind, task.metric, ...task.classes]).toEqual(['dense', 'relative-l2', 'brightness']);
  });

  it('scales Fashion-MNIST’s pixels to mean 0 and deviation 1', async () => {
    const { train } = await denoisedFashion.load(readPublic, () => undefined);
    const { scale, offset } = denoisedFashion.field!;
    const fields = Float32Array.from(train.labels.subarray(0, 300 * 784), (value) => value * scale + offset);
    expect(Math.abs(mean(fields))).toBeLessThan(0.05);
    expect(Math.abs(deviation(fields) - 1)).toBeLessThan(0.05);
  });
});
