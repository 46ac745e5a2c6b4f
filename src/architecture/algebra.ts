/**
 * Numbers that a formula can be evaluated in: plain numbers, or dual numbers that carry a gradient along.
 *
 * The cost model is written once over an `Algebra`; with numbers it is the figure on the screen, with dual numbers
 * it is differentiable (forward mode: a few dozen parameters, some hundred operations).
 */
export interface Algebra<T> {
  constant(value: number): T;
  add(a: T, b: T): T;
  multiply(a: T, b: T): T;
  value(a: T): number;
}

export const NUMBERS: Algebra<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  value: (a) => a,
};

/** A value with its partial derivatives. */
export interface Dual {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Dual numbers over `size` independent variables. */
export function duals(size: number): Algebra<Dual> & { variable(value: number, index: number): Dual } {
  const combine = (value: number, a: Dual, da: number, b: Dual, db: number): Dual => ({
    value,
    gradient: a.gradient.map((g, i) => g * da + (b.gradient[i] ?? 0) * db),
  });
  return {
    constant: (value) => ({ value, gradient: new Float64Array(size) }),
    variable: (value, index) => {
      const gradient = new Float64Array(size);
      gradient[index] = 1;
      return { value, gradient };
    },
    add: (a, b) => combine(a.value + b.value, a, 1, b, 1),
    multiply: (a, b) => combine(a.value * b.value, a, b.value, b, a.value),
    value: (a) => a.value,
  };
}

/** The product of all, 1 where there are none. */
export function product<T>(algebra: Algebra<T>, factors: readonly T[]): T {
  return factors.reduce((a, b) => algebra.multiply(a, b), algebra.constant(1));
}
