/** Own data as one buffer, to be kept and read again: a safetensors file whose metadata tell the rest. */
import * as v from 'valibot';
import { affine, ownFields } from './about.ts';
import { type OwnData, OwnDataError } from './own.ts';
import { type Pack, PackError, type Tensor, readPack } from '../tasks/pack.ts';
import { IGNORE, type Split } from '../tasks/task.ts';

/** Goes up where what is stored changes, so that old data are refused and not misread. */
const VERSION = '1';
const HALVES = ['train', 'test'] as const;
const LENGTH_BYTES = 8;
/** Where the numbers of 32 bits may begin, counted from the start of the file. */
const ALIGNMENT = 8;
const SPACE = 0x20;

const stored = v.object({ ...ownFields, input: affine });

/** The data as one buffer; the same data give the same bytes. */
export function encodeOwn(data: OwnData): ArrayBuffer {
  const { dataset, ...rest } = data;
  const { scale, offset } = dataset.train;
  const tensors = HALVES.flatMap((half): (readonly [string, Tensor])[] => {
    const { count, inputs, labels } = dataset[half];
    return [
      [`${half}.inputs`, tensorOf(inputs, [count, ...data.grid, data.channels])],
      [`${half}.labels`, tensorOf(labels, labelShape(data, count))],
    ];
  });
  // Numbers of four bytes first: whatever the counts, they begin where they may.
  tensors.sort(([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const header: Record<string, unknown> = {
    __metadata__: { version: VERSION, about: JSON.stringify({ ...rest, input: { scale, offset } }) },
  };
  let end = 0;
  for (const [name, { dtype, shape, values }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(SPACE, LENGTH_BYTES, LENGTH_BYTES + headerBytes).set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const [, { values }] of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes.buffer;
}

/** @throws OwnDataError where the buffer is damaged, or of another version */
export async function decodeOwn(buffer: ArrayBuffer): Promise<OwnData> {
  const pack = await readPack('the stored data', buffer).catch((cause: unknown) => {
    throw cause instanceof PackError ? damaged('they cannot be read', cause) : cause;
  });
  if (pack.metadata['version'] !== VERSION) throw damaged('they are of another version of this page');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), stored), pack.metadata['about']);
  if (!parsed.success) throw damaged(v.getDotPath(parsed.issues[0]) ?? 'their description');
  const { input, field, ...data } = parsed.output;
  const isField = data.metric === 'relative-l2';
  if (isField !== (field !== undefined)) throw damaged('the scale of their values');
  const split = (half: (typeof HALVES)[number]): Split => {
    const inputs = tensorIn(pack, `${half}.inputs`);
    const labels = tensorIn(pack, `${half}.labels`);
    const samples = inputs.shape[0] ?? 0;
    checkShape(`${half}.inputs`, inputs, [samples, ...data.grid, data.channels]);
    checkShape(`${half}.labels`, labels, labelShape(data, samples));
    if (samples === 0 || labels.dtype === 'I8' || (labels.dtype === 'F32') !== isField) throw damaged(`${half}.labels`);
    // A class that does not exist would read past the end of the network's outputs.
    const isKnown = (label: number): boolean =>
      label < data.classes.length || (data.kind === 'dense' && label === IGNORE);
    if (labels.dtype === 'U8' && !labels.values.every(isKnown)) throw damaged(`${half}.labels`);
    return { count: samples, inputs: inputs.values, labels: labels.values, ...input };
  };
  return {
    ...data,
    ...(field === undefined ? {} : { field }),
    dataset: { train: split('train'), test: split('test') },
  };
}

function tensorOf(values: Tensor['values'], shape: readonly number[]): Tensor {
  if (values instanceof Float32Array) return { dtype: 'F32', shape, values };
  return values instanceof Int8Array ? { dtype: 'I8', shape, values } : { dtype: 'U8', shape, values };
}

function labelShape(
  { kind, metric, grid, classes }: Pick<OwnData, 'kind' | 'metric' | 'grid' | 'classes'>,
  count: number,
): readonly number[] {
  if (kind === 'classes') return [count];
  return metric === 'relative-l2' ? [count, ...grid, classes.length] : [count, ...grid];
}

function tensorIn({ tensors }: Pack, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw damaged(name);
  return tensor;
}

function checkShape(name: string, { shape }: Tensor, expected: readonly number[]): void {
  if (shape.join() !== expected.join()) throw damaged(name);
}

function damaged(what: string, cause?: unknown): OwnDataError {
  return new OwnDataError(`your stored data are damaged (${what}); give the files again`, { cause });
}
