/** An answer's mask over its picture: what is marked, where the truth's edges run, and what is wrong. */
import { contours } from 'd3';
import { IGNORE, layoutMask, type DenseOutput } from './output.ts';
import { sides, type Box } from './network.ts';

export interface MaskErrors {
  /** Something in truth, nothing in the answer. */
  readonly missed: string;
  /** The other way round. */
  readonly excess: string;
  /** Something in both, but not the same. */
  readonly mixed: string;
}

/** `background` is the class that says that there is nothing; without one, nothing is missed or too much. */
export function layoutErrors(
  { classes, truth }: DenseOutput,
  grid: readonly number[],
  background: number | null,
  box: Box,
): MaskErrors {
  const kinds = truth.map((label, i) => {
    const answer = classes[i] ?? IGNORE;
    if (label === IGNORE || label === answer) return IGNORE;
    return answer === background ? 0 : label === background ? 1 : 2;
  });
  const [missed = '', excess = '', mixed = ''] = layoutMask(kinds, grid, box, 3);
  return { missed, excess, mixed };
}

/** The edges of each class but the background, a path each. */
export function layoutContours(
  labels: Uint8Array,
  grid: readonly number[],
  count: number,
  background: number | null,
  box: Box,
): string[] {
  const [rows, columns] = sides(grid);
  const trace = contours().size([columns, rows]);
  const [x, y] = [box.width / columns, box.height / rows];
  return Array.from({ length: count }, (_, label) => {
    if (label === background) return '';
    const inside = Array.from(labels, (own) => Number(own === label));
    return trace
      .contour(inside, 0.5)
      .coordinates.flat()
      .map((ring) => {
        const corners = ring.map(([column = 0, row = 0]) =>
          [box.x + column * x, box.y + row * y].map((at) => at.toFixed(1)).join(' '),
        );
        return `M${corners.join('L')}Z`;
      })
      .join('');
  });
}
