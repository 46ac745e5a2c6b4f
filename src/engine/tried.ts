/** A sample of the user's own, brought to the grid of a task. */
import type { Task } from '../tasks/task.ts';
import type { Sample } from './protocol.ts';

/**
 * `[...grid, channels]`: as it is where it has that grid already, else interpolated linearly along each axis. Tokens cannot be.
 * @throws Error where it has another number of axes or channels
 */
export function fitted(
  sample: Sample,
  { grid, channels, tokens }: Pick<Task, 'grid' | 'channels' | 'tokens'>,
): Float32Array {
  const alike = sample.grid.every((size, axis) => size === grid[axis]);
  if (sample.channels !== channels || sample.grid.length !== grid.length || (tokens !== undefined && !alike)) {
    const shape = (extents: readonly number[], count: number) => `[${[...extents, count].join(', ')}]`;
    const own = shape(sample.grid, sample.channels);
    throw new Error(`The sample has the shape ${own}, where the task needs ${shape(grid, channels)}.`);
  }
  let values = sample.values;
  const shape = [...sample.grid];
  for (const [axis, to] of grid.entries()) {
    values = stretched(values, [...shape, channels], axis, to);
    shape[axis] = to;
  }
  return values;
}

function stretched(values: Float32Array, shape: readonly number[], axis: number, to: number): Float32Array {
  const from = shape[axis] ?? 1;
  if (from === to) return values;
  const after = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const before = values.length / from / after;
  const result = new Float32Array(before * to * after);
  for (let i = 0; i < to; i++) {
    const position = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(position);
    const high = Math.min(from - 1, low + 1);
    const part = position - low;
    for (let outside = 0; outside < before; outside++) {
      for (let inside = 0; inside < after; inside++) {
        const at = (index: number): number => values[(outside * from + index) * after + inside] ?? 0;
        result[(outside * to + i) * after + inside] = (1 - part) * at(low) + part * at(high);
      }
    }
  }
  return result;
}
