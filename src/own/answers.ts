/** Labels in arrays: a class a sample, a class a position, or the values of a field, by their type and shape. */
import { type NpyArray, describeArray, isWhole } from './npy.ts';
import { OwnDataError } from './own.ts';
import { checkClasses, checkNames } from './samples.ts';
import { IGNORE } from '../tasks/task.ts';

/** Most channels of a field. */
const MOST_CHANNELS = 16;

export interface Answers {
  readonly kind: 'classes' | 'dense' | 'field';
  readonly names: readonly string[];
  /** One for each array. */
  readonly labels: readonly (Uint8Array | Float32Array)[];
}

/**
 * @param pairs of each half the labels, `[n]` or `[n, ...grid]`, also with axes of one beside; floats may have channels
 * @param grid of the inputs
 * @param given names of the classes, by label or in the order of the labels
 * @throws OwnDataError where the shape fits neither, or the labels are no classes
 */
export function readAnswers(
  pairs: readonly { readonly y: NpyArray }[],
  grid: readonly number[],
  given: readonly string[] | undefined,
): Answers {
  const arrays = pairs.map(({ y }) => y);
  const [first] = arrays;
  if (first === undefined) throw new OwnDataError('there are no labels; give an array y');
  const channels = arrays.map((array) => channelsOf(array, grid));
  if (channels.some((found) => found !== channels[0])) {
    throw new OwnDataError(`the shapes of ${arrays.map(describeArray).join(' and ')} differ; save both alike`);
  }
  const [found = null] = channels;
  const whole = arrays.every(isWhole);
  if (found !== null && !whole) {
    const names = found === 1 ? ['value'] : Array.from({ length: found }, (_, index) => `value ${index + 1}`);
    if (given !== undefined) checkNames(given, names);
    const isFirst = first.shape.length > grid.length + 1 && first.shape[1] === found && found > 1;
    if (isFirst && first.shape.at(-1) !== found) {
      throw new OwnDataError(`${describeArray(first)} has its channels first; move them last, by numpy.moveaxis`);
    }
    return { kind: 'field', names: given ?? names, labels: arrays.map(({ values }) => Float32Array.from(values)) };
  }
  if (found !== null && found !== 1) {
    throw new OwnDataError(`${describeArray(first)} has several labels a position; give one, by argmax(axis=-1)`);
  }
  const kind = found === null ? 'classes' : 'dense';
  return { kind, ...codeNumbers(arrays, kind, given) };
}

/** Values a position, or null where there is one a sample. Axes of one do not matter. */
function channelsOf(array: NpyArray, grid: readonly number[]): number | null {
  const shape = array.shape.slice(1);
  const isGrid = (extents: readonly number[]): boolean => extents.join() === grid.join();
  if (shape.every((extent) => extent === 1)) return isGrid(shape) && shape.length > 0 ? 1 : null;
  if (isGrid(shape)) return 1;
  const [last = 0] = shape.slice(-1);
  if (isGrid(shape.slice(0, -1)) && last <= MOST_CHANNELS) return last;
  const [first = 0] = shape;
  if (isGrid(shape.slice(1)) && first <= MOST_CHANNELS) return first;
  const hint = shape.length === 1 ? '; of one-hot labels take argmax(axis=1)' : '; reshape it';
  const fitting = `neither [n] nor [n, ${grid.join(', ')}]`;
  throw new OwnDataError(`${describeArray(array)} is ${fitting}${hint}`);
}

/** Classes by the values found, in their order; of dense labels, 255 or −1 beside others means: not counted. */
function codeNumbers(
  arrays: readonly NpyArray[],
  kind: 'classes' | 'dense',
  given: readonly string[] | undefined,
): Pick<Answers, 'names' | 'labels'> {
  const found = new Set<number>();
  const [first] = arrays;
  for (const array of arrays) {
    // Most values are like the one before.
    let before: number | undefined;
    for (const value of array.values) {
      if (value === before) continue;
      before = value;
      found.add(value);
      if (!Number.isInteger(value)) {
        throw new OwnDataError(
          `${describeArray(array)} holds ${value}; labels of samples are whole numbers, one a class`,
        );
      }
      if (found.size > 2 * IGNORE) checkClasses(array.path, found.size);
    }
  }
  const values = [...found].sort((a, b) => a - b);
  const ignored = (value: number): boolean =>
    kind === 'dense' && values.length > 2 && (value === -1 || value === IGNORE);
  const classes = values.filter((value) => !ignored(value));
  checkClasses(first?.path ?? 'y', classes.length);
  const byValue = given !== undefined && classes.every((value) => value >= 0 && value < given.length);
  if (given !== undefined && !byValue) checkNames(given, classes.map(String));
  const codes = new Map(values.map((value) => [value, IGNORE]));
  classes.forEach((value, index) => codes.set(value, byValue ? value : index));
  const labels = arrays.map((array) => {
    const coded = new Uint8Array(array.values.length);
    for (let at = 0; at < coded.length; at++) coded[at] = codes.get(array.values[at]!) ?? IGNORE;
    return coded;
  });
  return { names: given ?? classes.map(String), labels };
}
