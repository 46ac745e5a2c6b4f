/** From the tensors of a pack to the two halves of a data set, checked against what the task says it is. */
import { PackError, readPack, type Pack, type Tensor } from './pack.ts';
import { IGNORE, type Dataset, type Split, type Task } from './task.ts';

/** What a task says about its samples, and how raw values become network inputs: `value * scale + offset`. */
export interface SampleFormat extends Pick<Task, 'kind' | 'grid' | 'channels' | 'tokens' | 'classes'> {
  readonly scale: number;
  readonly offset: number;
}

/**
 * Reads the tensors `train.inputs`, `train.labels`, `test.inputs` and `test.labels`.
 * Inputs are `[count, ...grid, channels]`; labels are `[count]`, or `[count, ...grid]` of a dense task.
 * @param file name for messages, e.g. `digits.pack`
 */
export async function readDataset(file: string, bytes: ArrayBuffer, format: SampleFormat): Promise<Dataset> {
  const pack = await readPack(file, bytes);
  return { train: readSplit(pack, 'train', format), test: readSplit(pack, 'test', format) };
}

function readSplit(pack: Pack, split: 'train' | 'test', format: SampleFormat): Split {
  const { kind, grid, channels, tokens, classes, scale, offset } = format;
  const inputs = find(pack, `${split}.inputs`);
  const labels = find(pack, `${split}.labels`);
  const count = inputs.shape[0] ?? 0;
  if (count === 0) throw new PackError(pack.name, `"${split}.inputs" holds no samples`);
  expectShape(pack, `${split}.inputs`, inputs, [count, ...grid, channels]);
  expectShape(pack, `${split}.labels`, labels, kind === 'dense' ? [count, ...grid] : [count]);
  if (tokens !== undefined) expectTokens(pack, `${split}.inputs`, inputs, tokens.length);
  if (labels.dtype !== 'U8') {
    throw new PackError(pack.name, `"${split}.labels" are of type ${labels.dtype}, not U8`);
  }
  // A class that does not exist would read past the end of the network's outputs.
  const wrong = labels.values.find((label) => label >= classes.length && !(kind === 'dense' && label === IGNORE));
  if (wrong !== undefined) {
    const expected = `0 to ${classes.length - 1}`;
    throw new PackError(pack.name, `"${split}.labels" holds ${wrong}, not ${expected}`);
  }
  return { count, inputs: inputs.values, scale, offset, labels: labels.values };
}

/** A token that does not exist would read past the end of the table of what each stands for. */
function expectTokens(pack: Pack, name: string, { dtype, values }: Tensor, count: number): void {
  if (dtype !== 'U8') throw new PackError(pack.name, `"${name}" are of type ${dtype}, not U8`);
  const wrong = values.find((token) => token >= count);
  if (wrong !== undefined) throw new PackError(pack.name, `"${name}" holds ${wrong}, not 0 to ${count - 1}`);
}

function find(pack: Pack, name: string): Tensor {
  const tensor = pack.tensors.get(name);
  if (tensor === undefined) throw new PackError(pack.name, `it has no tensor "${name}"`);
  return tensor;
}

function expectShape(pack: Pack, name: string, tensor: Tensor, shape: readonly number[]): void {
  if (tensor.shape.length === shape.length && tensor.shape.every((extent, axis) => extent === shape[axis])) return;
  const found = `[${tensor.shape.join(', ')}]`;
  throw new PackError(pack.name, `"${name}" has shape ${found}, not [${shape.join(', ')}]`);
}
