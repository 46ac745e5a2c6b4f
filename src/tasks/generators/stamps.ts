/** Small grey pictures of dashes and discs, drawn at double size and shrunk, to be laid onto an image. */

/** A square picture, its middle pixel at the place where it is laid. */
export interface Stamp {
  /** Pixels that are not black: across and down from the middle, and their brightness in (0, 1]. */
  readonly x: Int8Array;
  readonly y: Int8Array;
  readonly value: Float32Array;
}

/** Pixels from the middle of a stamp to its sides. */
const REACH = 6;
const SIDE = 2 * REACH + 1;
/** At double size the sides are as far from the middle pixel as the filter looks. */
const FINE_REACH = 2 * REACH + 6;
const FINE_SIDE = 2 * FINE_REACH + 1;
/** Eight-bit pictures hold nothing darker. */
const DARKEST = 0.5 / 255;

/** Pixels at double size that `inside` takes, their coordinates counted from the middle. */
function drawn(inside: (x: number, y: number) => boolean): Float64Array {
  return Float64Array.from({ length: FINE_SIDE * FINE_SIDE }, (_, at) =>
    inside((at % FINE_SIDE) - FINE_REACH, Math.floor(at / FINE_SIDE) - FINE_REACH) ? 1 : 0,
  );
}

/** Lanczos' window of three lobes, stretched to half the resolution: weights of −5 … 5 fine pixels. */
const LANCZOS = ((): Float64Array => {
  const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
  const raw = Float64Array.from({ length: 11 }, (_, i) => sinc((i - 5) / 2) * sinc((i - 5) / 6));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((weight) => weight / sum);
})();

/** Halves the size, along one axis at a time; what the filter's negative lobes leave below black is black. */
function shrunk(fine: Float64Array): Stamp {
  const rows = new Float64Array(SIDE * FINE_SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      let sum = 0;
      // Pixel y lies on fine pixel 2(y − REACH) from the middle.
      for (const [i, weight] of LANCZOS.entries()) sum += weight * fine[(2 * y + 1 + i) * FINE_SIDE + x]!;
      rows[y * FINE_SIDE + x] = sum;
    }
  }
  const stamp = { x: [] as number[], y: [] as number[], value: [] as number[] };
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (const [i, weight] of LANCZOS.entries()) sum += weight * rows[y * FINE_SIDE + 2 * x + 1 + i]!;
      if (sum < DARKEST) continue;
      stamp.x.push(x - REACH);
      stamp.y.push(y - REACH);
      stamp.value.push(Math.min(1, sum));
    }
  }
  return { x: Int8Array.from(stamp.x), y: Int8Array.from(stamp.y), value: Float32Array.from(stamp.value) };
}

/** Fine pixels of a line of one pixel's width from the middle, as many as it is long (Bresenham's, by rounding). */
function line(length: number, angle: number): readonly (readonly [number, number])[] {
  const [endX, endY] = [Math.round(length * Math.cos(angle)), Math.round(length * Math.sin(angle))];
  const steps = Math.max(Math.abs(endX), Math.abs(endY));
  return Array.from({ length: steps }, (_, i) => [Math.round((endX * i) / steps), Math.round((endY * i) / steps)]);
}

export interface DashStamps {
  /** The dash itself. */
  readonly dash: Stamp;
  /** Where no other dash may come. */
  readonly zone: Stamp;
  /** The zone, grown by one pixel. */
  readonly near: Stamp;
}

/**
 * A dash from the middle in the direction of each whole degree, half a pixel thick.
 * @param length of the dash, in pixels
 * @param margin its zone reaches as far, in pixels
 */
export function dashStamps(length: number, margin: number): readonly DashStamps[] {
  return Array.from({ length: 360 }, (_, degree) => {
    const points = line(2 * length, (degree * Math.PI) / 180);
    const onLine = new Set(points.map(([x, y]) => x * FINE_SIDE + y));
    const zone = shrunk(drawn((x, y) => points.some(([px, py]) => Math.hypot(x - px, y - py) <= 2 * margin)));
    return { dash: shrunk(drawn((x, y) => onLine.has(x * FINE_SIDE + y))), zone, near: grown(zone) };
  });
}

/** A filled disc round the middle, its radius in pixels. */
export const discStamp = (radius: number): Stamp => shrunk(drawn((x, y) => Math.hypot(x, y) <= 2 * radius));

/** Each pixel the brightest of itself and its four neighbours. */
function grown({ x, y, value }: Stamp): Stamp {
  const brightest = new Map<number, number>();
  const wide = 2 * SIDE;
  value.forEach((brightness, i) => {
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const at = (y[i]! + dy + SIDE) * wide + x[i]! + dx + SIDE;
      brightest.set(at, Math.max(brightest.get(at) ?? 0, brightness));
    }
  });
  const places = [...brightest.keys()];
  return {
    x: Int8Array.from(places, (at) => (at % wide) - SIDE),
    y: Int8Array.from(places, (at) => Math.floor(at / wide) - SIDE),
    value: Float32Array.from(brightest.values()),
  };
}

/** Lays a stamp with its middle at (x, y), times `contrast`; where something brighter is, that stays. */
export function lay(image: Float32Array, side: number, stamp: Stamp, x: number, y: number, contrast: number): void {
  for (let i = 0; i < stamp.value.length; i++) {
    const [column, row] = [x + stamp.x[i]!, y + stamp.y[i]!];
    if (column < 0 || column >= side || row < 0 || row >= side) continue;
    const at = row * side + column;
    image[at] = Math.max(image[at]!, contrast * stamp.value[i]!);
  }
}
