/** Strokes of a pen and the greys that they leave; no canvas is needed for so few pixels. */

/** From 0 to 1, right and down. */
export type Point = readonly [number, number];
export type Stroke = readonly Point[];

/** Of the side of a square, half the breadth of the pen. */
export const PEN = 0.045;
/** Of a centred drawing, the part of the grid that its longer side takes: what MNIST does. */
const CENTRED = 20 / 28;

/** Grey in [0, 1], row-major: 1 is ink, with soft edges. */
export function inkOf(strokes: readonly Stroke[], [rows, columns]: readonly [number, number]): Float32Array {
  const side = Math.min(rows, columns);
  const radius = Math.max(0.6, PEN * side);
  const ink = new Float32Array(rows * columns);
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]): Point => [x * columns, y * rows]);
    for (const [i, to] of points.entries()) {
      const from = points[i - 1] ?? to;
      draw(ink, rows, columns, from, to, radius);
    }
  }
  return ink;
}

function draw(ink: Float32Array, rows: number, columns: number, from: Point, to: Point, radius: number): void {
  const reach = radius + 1;
  const [left, right] = [Math.min(from[0], to[0]) - reach, Math.max(from[0], to[0]) + reach];
  const [top, bottom] = [Math.min(from[1], to[1]) - reach, Math.max(from[1], to[1]) + reach];
  for (let row = Math.max(0, Math.floor(top)); row < Math.min(rows, bottom); row++) {
    for (let column = Math.max(0, Math.floor(left)); column < Math.min(columns, right); column++) {
      const distance = distanceTo(column + 0.5, row + 0.5, from, to);
      const at = row * columns + column;
      ink[at] = Math.max(ink[at] ?? 0, Math.min(1, Math.max(0, radius + 0.5 - distance)));
    }
  }
}

/** Of a point from a segment. */
function distanceTo(x: number, y: number, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [alongX, alongY] = [toX - fromX, toY - fromY];
  const length = alongX ** 2 + alongY ** 2;
  const part = length === 0 ? 0 : ((x - fromX) * alongX + (y - fromY) * alongY) / length;
  const near = Math.min(1, Math.max(0, part));
  return Math.hypot(x - fromX - near * alongX, y - fromY - near * alongY);
}

/** The same drawing in the middle, as large as a digit of MNIST. */
export function centred(strokes: readonly Stroke[]): readonly Stroke[] {
  const points = strokes.flat();
  if (points.length === 0) return strokes;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const middle = (values: readonly number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const breadth = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  const largest = Math.max(breadth(xs), breadth(ys));
  // The pen itself is part of what is seen; a dot stays one.
  const scale = largest === 0 ? 1 : (CENTRED - 2 * PEN) / largest;
  const [x0, y0] = [middle(xs), middle(ys)];
  return strokes.map((stroke) => stroke.map(([x, y]): Point => [0.5 + (x - x0) * scale, 0.5 + (y - y0) * scale]));
}

/** Values of a sequence, in [0, 1], changed along a movement of the pointer from one point to another; 0 is at the bottom. */
export function bent(values: Float32Array, from: Point, to: Point): Float32Array {
  const result = values.slice();
  const last = values.length - 1;
  const [start, end] = from[0] <= to[0] ? [from, to] : [to, from];
  const first = Math.max(0, Math.round(start[0] * last));
  const final = Math.min(last, Math.round(end[0] * last));
  for (let at = first; at <= final; at++) {
    const part = final === first ? 1 : (at - first) / (final - first);
    result[at] = Math.min(1, Math.max(0, 1 - (start[1] + part * (end[1] - start[1]))));
  }
  return result;
}
