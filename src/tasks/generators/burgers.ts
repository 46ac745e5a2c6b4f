/**
 * Burgers' equation u_t + u·u_x = ν·u_xx on a ring of length 1: what is high runs ahead, and friction rounds the fronts.
 *
 * Fourier in space with the upper third of the frequencies left out (Orszag, 1971), exponential time differencing of
 * fourth order in time (ETDRK4: Cox & Matthews, 2002; Kassam & Trefethen, 2005).
 */
import { fourier, frequencies } from './fourier.ts';

export interface BurgersSettings {
  /** Values a field, a power of two. */
  readonly points: number;
  /** ν */
  readonly viscosity: number;
  /** Length of a time step, and how many are taken. */
  readonly step: number;
  readonly steps: number;
}

/** A complex sequence; here two real fields, or their spectra, at the price of one. */
interface Pair {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** φ₁, φ₂, φ₃ of z ≤ 0: φ₀ = e^z, φ_j = (φ_(j−1) − 1/(j−1)!)/z. */
export function phi(z: number): readonly [number, number, number] {
  if (z < -1) {
    const first = Math.expm1(z) / z;
    const second = (first - 1) / z;
    return [first, second, (second - 0.5) / z];
  }
  // Near zero the quotients cancel: the series Σ z^k/(k + 3)! of the third, and from it the others.
  let third = 0;
  let term = 1 / 6;
  for (let k = 0; k < 18; k++) {
    third += term;
    term *= z / (k + 4);
  }
  const second = 0.5 + z * third;
  return [1 + z * second, second, third];
}

/** Gives a function that moves two fields of `points` values on in time, in place. */
export function burgers({ points, viscosity, step, steps }: BurgersSettings) {
  const transform = fourier(points);
  const turns = frequencies(points);
  const kept = turns.map((k) => (Math.abs(k) <= points / 3 ? 1 : 0));
  const pair = (): Pair => ({ re: new Float64Array(points), im: new Float64Array(points) });
  const linear = turns.map((k) => -viscosity * (2 * Math.PI * k) ** 2 * step);
  const whole = linear.map(Math.exp);
  const half = linear.map((z) => Math.exp(z / 2));
  const stage = linear.map((z) => (step / 2) * phi(z / 2)[0]);
  const weight = (combine: (first: number, second: number, third: number) => number): Float64Array =>
    linear.map((z) => step * combine(...phi(z)));
  const early = weight((first, second, third) => first - 3 * second + 4 * third);
  const middle = weight((_, second, third) => 2 * second - 4 * third);
  const late = weight((_, second, third) => 4 * third - second);

  /** −(u²/2)_x of both fields, from spectrum to spectrum. */
  const slope = (from: Pair, to: Pair): void => {
    to.re.set(from.re);
    to.im.set(from.im);
    transform(to.re, to.im, 1);
    for (let i = 0; i < points; i++) {
      to.re[i]! *= to.re[i]! / points;
      to.im[i]! *= to.im[i]! / points;
    }
    transform(to.re, to.im, -1);
    for (let k = 0; k < points; k++) {
      // Squared values still carry 1/n once; −½·2πik turns (x, y) into πk·(y, −x).
      const factor = (kept[k]! * Math.PI * turns[k]!) / points;
      const re = to.re[k]!;
      to.re[k] = factor * to.im[k]!;
      to.im[k] = -factor * re;
    }
  };
  /** To the middle of the step, where the slope stays gain·first − loss·second. */
  const advance = (to: Pair, from: Pair, first: Pair, gain: number, second: Pair, loss: number): void => {
    for (let k = 0; k < points; k++) {
      to.re[k] = half[k]! * from.re[k]! + stage[k]! * (gain * first.re[k]! - loss * second.re[k]!);
      to.im[k] = half[k]! * from.im[k]! + stage[k]! * (gain * first.im[k]! - loss * second.im[k]!);
    }
  };

  const [a, b, c] = [pair(), pair(), pair()];
  const [atStart, atA, atB, atC] = [pair(), pair(), pair(), pair()];
  return (first: Float64Array, second: Float64Array): void => {
    const u: Pair = { re: first, im: second };
    transform(u.re, u.im, -1);
    for (let k = 0; k < points; k++) {
      u.re[k]! *= kept[k]!;
      u.im[k]! *= kept[k]!;
    }
    for (let taken = 0; taken < steps; taken++) {
      slope(u, atStart);
      advance(a, u, atStart, 1, atStart, 0);
      slope(a, atA);
      advance(b, u, atA, 1, atA, 0);
      slope(b, atB);
      advance(c, a, atB, 2, atStart, 1);
      slope(c, atC);
      for (let k = 0; k < points; k++) {
        const [e, f, g] = [early[k]!, middle[k]!, late[k]!];
        u.re[k] = whole[k]! * u.re[k]! + e * atStart.re[k]! + f * (atA.re[k]! + atB.re[k]!) + g * atC.re[k]!;
        u.im[k] = whole[k]! * u.im[k]! + e * atStart.im[k]! + f * (atA.im[k]! + atB.im[k]!) + g * atC.im[k]!;
      }
    }
    transform(u.re, u.im, 1);
    for (let i = 0; i < points; i++) {
      u.re[i]! /= points;
      u.im[i]! /= points;
    }
  };
}
