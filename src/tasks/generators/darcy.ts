/** Darcy flow, −∇·(a∇u) = 1 on the unit square with u = 0 on its sides: the pressure of water in ground of two kinds. */

/** Permeability where the drawn field is positive or zero, and where it is negative (Li et al., arXiv:2010.08895, §5.2). */
export const PERMEABILITY = { high: 12, low: 3 } as const;

/**
 * Solves the five-point scheme, a averaged at half points, by a Cholesky factorisation of its band.
 * @param side nodes an axis, those on the sides of the square included
 * @returns a function from permeability to pressure, both `[side, side]`
 */
export function darcy(side: number): (permeability: ArrayLike<number>) => Float64Array {
  const inner = side - 2;
  const unknowns = inner * inner;
  /** Row i holds the entries of columns i − `inner` … i, the diagonal last. */
  const width = inner + 1;
  const band = new Float64Array(unknowns * width);
  const solution = new Float64Array(unknowns);
  const load = 1 / (side - 1) ** 2;
  return (permeability) => {
    assemble(permeability, band, side);
    factorise(band, unknowns, width);
    solution.fill(load);
    solve(band, solution, width);
    const pressure = new Float64Array(side * side);
    for (let row = 0; row < inner; row++) {
      pressure.set(solution.subarray(row * inner, (row + 1) * inner), (row + 1) * side + 1);
    }
    return pressure;
  };
}

/** The lower half of the matrix, times the square of the mesh width. */
function assemble(permeability: ArrayLike<number>, band: Float64Array, side: number): void {
  const inner = side - 2;
  const width = inner + 1;
  band.fill(0);
  for (let row = 0; row < inner; row++) {
    for (let column = 0; column < inner; column++) {
      const node = (row + 1) * side + column + 1;
      const between = (other: number): number => (permeability[node]! + permeability[other]!) / 2;
      const [left, right, above, below] = [node - 1, node + 1, node - side, node + side].map(between);
      const diagonal = (row * inner + column) * width + inner;
      band[diagonal] = left! + right! + above! + below!;
      if (column > 0) band[diagonal - 1] = -left!;
      if (row > 0) band[diagonal - inner] = -above!;
    }
  }
}

/** A = L·Lᵀ in place, row by row (Golub & Van Loan, §4.3). */
function factorise(band: Float64Array, unknowns: number, width: number): void {
  const reach = width - 1;
  for (let i = 0; i < unknowns; i++) {
    const rowStart = i * width + reach - i; // entry (i, j) is at rowStart + j
    const first = Math.max(0, i - reach);
    for (let j = first; j <= i; j++) {
      const other = j * width + reach - j;
      let sum = band[rowStart + j]!;
      for (let k = Math.max(first, j - reach); k < j; k++) sum -= band[rowStart + k]! * band[other + k]!;
      band[rowStart + j] = j < i ? sum / band[other + j]! : Math.sqrt(sum);
    }
  }
}

/** L·Lᵀ·x = right, in place. */
function solve(band: Float64Array, right: Float64Array, width: number): void {
  const reach = width - 1;
  for (let i = 0; i < right.length; i++) {
    const rowStart = i * width + reach - i;
    let sum = right[i]!;
    for (let j = Math.max(0, i - reach); j < i; j++) sum -= band[rowStart + j]! * right[j]!;
    right[i] = sum / band[rowStart + i]!;
  }
  for (let i = right.length - 1; i >= 0; i--) {
    const rowStart = i * width + reach - i;
    const value = right[i]! / band[rowStart + i]!;
    right[i] = value;
    for (let j = Math.max(0, i - reach); j < i; j++) right[j]! -= band[rowStart + j]! * value;
  }
}
