/** A few samples of own data, as they are shown before they train. */
import { aboutOf } from './about.ts';
import type { OwnData } from './own.ts';
import type { Preview, Shown } from './protocol.ts';
import { type Values, volume } from './samples.ts';

/** Samples that are shown, and of each class at most. */
const MOST_SHOWN = 24;
const MOST_OF_CLASS = 3;
/** A longer side is thinned out; sequences have room for more. */
const MOST_EXTENT = { image: 96, sequence: 512 };
const LARGEST = 127;

export function previewOf(data: OwnData): Preview {
  const { inputs, labels, count } = data.dataset.train;
  const isClasses = data.kind === 'classes';
  const size = volume(data.grid) * data.channels;
  const taken = new Map<number, number>();
  const most = isClasses ? Math.max(1, Math.min(MOST_OF_CLASS, Math.floor(MOST_SHOWN / data.classes.length))) : 6;
  const shown: Shown[] = [];
  for (let index = 0; index < count && shown.length < MOST_SHOWN; index++) {
    const label = isClasses ? (labels[index] ?? 0) : 0;
    const before = taken.get(label) ?? 0;
    if (before >= most) continue;
    taken.set(label, before + 1);
    const values = inputs.subarray(index * size, (index + 1) * size);
    shown.push({ label: isClasses ? label : null, map: mapOf(values, data.grid, data.channels) });
  }
  return { about: aboutOf(data), shown: shown.sort((a, b) => (a.label ?? 0) - (b.label ?? 0)) };
}

/** Values between their least and their largest as -127 to 127, every so-maniest position where the grid is large. */
function mapOf(values: Values, grid: readonly number[], channels: number): Shown['map'] {
  const most = grid.length === 2 ? MOST_EXTENT.image : MOST_EXTENT.sequence;
  const stride = Math.ceil(Math.max(...grid) / most);
  const thin = grid.map((extent) => Math.ceil(extent / stride));
  const [rows = 1, columns = 1] = thin;
  const width = grid[1] ?? 1;
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scale = high > low ? (2 * LARGEST) / (high - low) : 0;
  const result = new Int8Array(rows * columns * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < channels; channel++) {
        const value = values[(row * stride * width + column * stride) * channels + channel] ?? low;
        result[(row * columns + column) * channels + channel] = Math.round((value - low) * scale) - LARGEST;
      }
    }
  }
  return { grid: thin, channels, values: result, largest: LARGEST };
}
