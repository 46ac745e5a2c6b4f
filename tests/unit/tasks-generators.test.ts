/** The generated fields against what is known of them: spectra, closed forms, the schemes' own equations. */
import { describe, expect, it } from 'vitest';
import { random } from '../../src/dnarch/random.ts';
import { burgers as burgersTask, burgersSamples } from '../../src/tasks/burgers.ts';
import { darcy, darcySamples } from '../../src/tasks/darcy.ts';
import { burgers, phi } from '../../src/tasks/generators/burgers.ts';
import { darcy as darcySolver } from '../../src/tasks/generators/darcy.ts';
import { fourier, frequencies } from '../../src/tasks/generators/fourier.ts';
import { cosineFields, ringDeviation, ringFields } from '../../src/tasks/generators/gaussian.ts';
import { inHalves, inTurns } from '../../src/tasks/generators/inTurns.ts';

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
const norm = (values: ArrayLike<number>): number => Math.sqrt(sum(Array.from(values, (value) => value * value)));
const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? NaN))));

describe('inTurns', () => {
  it('makes all in order, tells how far it is, and lets timers run meanwhile', async () => {
    const made: number[] = [];
    const parts: number[] = [];
    let between = 0;
    const timer = setInterval(() => between++);
    await inTurns(
      5,
      (part) => parts.push(part),
      (index) => {
        made.push(index);
        const end = performance.now() + 60;
        while (performance.now() < end);
      },
    );
    clearInterval(timer);
    expect(made).toEqual([0, 1, 2, 3, 4]);
    expect(parts).toEqual([0.2, 0.4, 0.6, 0.8, 1, 1]);
    expect(between).toBeGreaterThan(2);
  });

  it('cuts samples in two without copying them', () => {
    const inputs = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const { train, test } = inHalves({ count: 3, inputs, scale: 2, offset: 1, labels: Uint8Array.of(7, 8, 9) }, 2);
    expect([train.count, ...train.inputs, ...train.labels]).toEqual([2, 1, 2, 3, 4, 7, 8]);
    expect([test.count, ...test.inputs, ...test.labels]).toEqual([1, 5, 6, 9]);
    expect(test.inputs.buffer).toBe(inputs.buffer);
  });
});

describe('fourier', () => {
  const n = 16;
  const draw = random(1, 0);
  const real = Float64Array.from({ length: n }, () => draw.normal());
  const imaginary = Float64Array.from({ length: n }, () => draw.normal());

  it.each([-1, 1] as const)('is the sum that defines it, with the sign %i', (sign) => {
    const [re, im] = [real.slice(), imaginary.slice()];
    fourier(n)(re, im, sign);
    for (let k = 0; k < n; k++) {
      const angle = (j: number): number => (sign * 2 * Math.PI * j * k) / n;
      expect(re[k]).toBeCloseTo(
        sum(real.map((x, j) => x * Math.cos(angle(j)) - imaginary[j]! * Math.sin(angle(j)))),
        12,
      );
      expect(im[k]).toBeCloseTo(
        sum(real.map((x, j) => x * Math.sin(angle(j)) + imaginary[j]! * Math.cos(angle(j)))),
        12,
      );
    }
  });

  it('names its frequencies', () => {
    expect([...frequencies(8)]).toEqual([0, 1, 2, 3, 4, -3, -2, -1]);
  });
});

describe('Gaussian fields', () => {
  const DRAWS = 2000;

  it.each([
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 3],
  ] as const)('draw the cosine of %i and %i half turns as strong as they should', (i, j) => {
    const side = 9;
    const field = cosineFields(side);
    const draw = random(2, 0);
    // Cosines are orthogonal on these nodes where those on the sides count half.
    const weight = (k: number, turns: number): number =>
      ((k === 0 || k === side - 1 ? 0.5 : 1) * (turns === 0 ? 1 : 2) * Math.cos((Math.PI * k * turns) / (side - 1))) /
      (side - 1);
    const amplitudes = Array.from({ length: DRAWS }, () => {
      const values = field(draw);
      return sum(values.map((g, at) => g * weight(Math.floor(at / side), i) * weight(at % side, j)));
    });
    const expected = 1 / (Math.PI ** 2 * (i * i + j * j) + 9);
    expect(norm(amplitudes) / Math.sqrt(DRAWS) / expected).toBeCloseTo(1, 1);
    expect(Math.abs(sum(amplitudes)) / DRAWS / expected).toBeLessThan(0.1);
  });

  it('on a ring have mean 0, the stated spectrum, and are two that know nothing of each other', () => {
    const points = 32;
    const fields = ringFields(points);
    const draw = random(3, 0);
    const pairs = Array.from({ length: DRAWS }, () => fields(draw));
    const amplitudes = (which: 0 | 1, k: number, wave: (angle: number) => number): number[] =>
      pairs.map((pair) => (2 / points) * sum(pair[which].map((u, at) => u * wave((2 * Math.PI * k * at) / points))));
    for (const which of [0, 1] as const) {
      expect(Math.max(...pairs.map((pair) => Math.abs(sum(pair[which]))))).toBeLessThan(1e-12);
      for (const k of [1, 2, 5]) {
        for (const wave of [Math.cos, Math.sin]) {
          expect(norm(amplitudes(which, k, wave)) / Math.sqrt(DRAWS) / ringDeviation(k)).toBeCloseTo(1, 1);
        }
      }
    }
    expect(ringDeviation(1)).toBeCloseTo(0.5483, 4); // √2·25/(4π² + 25)
    const [first, second] = [amplitudes(0, 1, Math.cos), amplitudes(1, 1, Math.cos)];
    const correlation = sum(first.map((a, i) => a * second[i]!)) / (norm(first) * norm(second));
    expect(Math.abs(correlation)).toBeLessThan(0.1);
  });
});

describe('Darcy flow', () => {
  it('in even ground has the pressure of the textbooks at the centre', () => {
    const side = 33;
    const centre = (side * side - 1) / 2;
    const pressure = (even: number): number => darcySolver(side)(new Float64Array(side * side).fill(even))[centre]!;
    expect(Math.abs(pressure(1) - 0.0737)).toBeLessThan(1e-4);
    // Ground that lets through twice as much needs half the pressure.
    expect(pressure(2)).toBeCloseTo(pressure(1) / 2, 12);
  });

  it('solves the five-point scheme and is 0 at the sides', () => {
    const [side] = darcy.grid as [number];
    const { permeability: a, pressure: u } = darcySamples(1)();
    const at = (values: ArrayLike<number>, row: number, column: number): number => values[row * side + column]!;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        if (Math.min(row, column, side - 1 - row, side - 1 - column) === 0) {
          expect(at(u, row, column)).toBe(0);
          continue;
        }
        const here = at(u, row, column);
        const flows = [
          [0, 1],
          [0, -1],
          [1, 0],
          [-1, 0],
        ].map(([down = 0, right = 0]) => {
          const between = (at(a, row, column) + at(a, row + down, column + right)) / 2;
          return between * (here - at(u, row + down, column + right));
        });
        expect(sum(flows) * (side - 1) ** 2).toBeCloseTo(1, 9);
      }
    }
  });

  it('takes ground of 12 and 3, as often the one as the other', () => {
    const next = darcySamples(4);
    const values = Array.from({ length: 60 }, () => [...next().permeability]).flat();
    expect(new Set(values)).toEqual(new Set([3, 12]));
    const share = values.filter((value) => value === 12).length / values.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
  });
});

/** u of Burgers' equation that begins as sin(2πx), by the substitution of Cole and Hopf: −2ν times the slope of log φ. */
function coleHopf(x: number, viscosity: number, time: number): number {
  const z = 1 / (4 * Math.PI * viscosity);
  // φ = I₀(z) + 2 Σ I_n(z) cos(2πnx) e^(−ν(2πn)²t), with modified Bessel functions by their series.
  const bessel = (n: number): number => {
    let term = 1;
    for (let k = 1; k <= n; k++) term *= z / 2 / k;
    let total = term;
    for (let k = 1; k < 60; k++) total += term *= (z / 2) ** 2 / (k * (k + n));
    return total;
  };
  let [phi, slope] = [bessel(0), 0];
  for (let n = 1; n < 40; n++) {
    const size = 2 * bessel(n) * Math.exp(-viscosity * (2 * Math.PI * n) ** 2 * time);
    phi += size * Math.cos(2 * Math.PI * n * x);
    slope -= size * 2 * Math.PI * n * Math.sin(2 * Math.PI * n * x);
  }
  return (-2 * viscosity * slope) / phi;
}

describe('Burgers’ equation', () => {
  const points = 256;
  const sine = (): Float64Array =>
    Float64Array.from({ length: points }, (_, i) => Math.sin((2 * Math.PI * i) / points));

  it('has functions φ that are smooth where the series takes over', () => {
    for (const [j, value] of phi(-1 - 1e-9).entries()) expect(value).toBeCloseTo(phi(-1 + 1e-9)[j]!, 8);
    expect(phi(0)).toEqual([1, 1 / 2, 1 / 6]);
    expect(phi(-4)[0]).toBeCloseTo((1 - Math.exp(-4)) / 4, 12);
  });

  it.each([0.1, 0.03, 0.01])('is solved as Cole and Hopf solve it, for ν = %d', (viscosity) => {
    const [first, second] = [sine(), sine()];
    burgers({ points, viscosity, step: 0.01, steps: 100 })(first, second);
    const exact = Array.from(first, (_, i) => coleHopf(i / points, viscosity, 1));
    expect(largestGap(first, exact)).toBeLessThan(1e-4);
    expect(largestGap(first, second)).toBeLessThan(1e-12);
  });

  it('keeps the mean, and a stream carries the wave along', () => {
    const [still, carried] = [sine(), sine().map((u) => u + 0.25)];
    burgers({ points, viscosity: 0.02, step: 0.01, steps: 100 })(still, carried);
    expect(sum(carried) / points).toBeCloseTo(0.25, 12);
    const moved = Array.from(carried, (_, i) => 0.25 + still[(i + points - 64) % points]!);
    expect(largestGap(carried, moved)).toBeLessThan(1e-4);
  });

  it('changes little with half the time step, and is calmer where it is more viscous', () => {
    const end = (viscosity: number, steps: number): Float64Array => {
      const [first, second] = ringFields(points)(random(5, 0));
      burgers({ points, viscosity, step: 1 / steps, steps })(first, second);
      return first;
    };
    const usual = end(0.01, 100);
    expect(largestGap(usual, end(0.01, 200)) / Math.max(...usual)).toBeLessThan(1e-3);
    expect(norm(end(0.02, 100))).toBeLessThan(norm(usual));
  });
});

const pick =
  <T, U>(next: () => T, part: (sample: T) => U) =>
  (): U =>
    part(next());

describe.each([
  [darcy, (seed: number) => pick(darcySamples(seed), ({ pressure }) => pressure)],
  [burgersTask, (seed: number) => pick(burgersSamples(seed), ([first]) => first!.end)],
] as const)('$id', (task, fields) => {
  it('is the same for the same seed, and another for another', () => {
    expect(fields(1)()).toEqual(fields(1)());
    expect(fields(2)()).not.toEqual(fields(1)());
  });

  it('brings its fields to mean 0 and deviation 1', () => {
    const next = fields(6);
    const { scale, offset } = task.field!;
    const values = Array.from({ length: 150 }, () => [...next()])
      .flat()
      .map((value) => value * scale + offset);
    expect(Math.abs(sum(values) / values.length)).toBeLessThan(0.1);
    expect(Math.abs(norm(values) / Math.sqrt(values.length) - 1)).toBeLessThan(0.1);
  });
});
