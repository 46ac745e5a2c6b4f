/**
 * Reads `*.pack`: a safetensors file (8-byte little-endian header length, JSON header, raw bytes), usually gzipped.
 *
 * The name ends in `.pack` so that no server sends it with `Content-Encoding: gzip`; a copy that some proxy has already
 * unpacked is read just the same, since the first two bytes tell. Works in pages, workers and Node.
 */
import * as v from 'valibot';

/** Bytes a value and the array that holds it, by dtype. Only what the packs use. */
const DTYPES = { U8: 1, I8: 1, F32: 4 } as const;
export type Dtype = keyof typeof DTYPES;

export type Tensor =
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly values: Uint8Array }
  | { readonly dtype: 'I8'; readonly shape: readonly number[]; readonly values: Int8Array }
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly values: Float32Array };

export interface Pack {
  /** File name, for messages. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A data file that cannot be used; the message names the file, what is wrong and what to do. */
export class PackError extends Error {
  override readonly name = 'PackError';
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file} is damaged: ${reason}; reload the page, or run \`npm run data\` to cut it again`, options);
  }
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entry = v.object({
  dtype: v.picklist(['U8', 'I8', 'F32']),
  shape: v.array(count),
  data_offsets: v.tuple([count, count]),
});
const metadata = v.record(v.string(), v.string());
/** What it holds is checked entry by entry, for schemas of objects pass over names such as `constructor`. */
const header = v.custom<object>((json) => typeof json === 'object' && json !== null, 'an object was expected');

const GZIP = [0x1f, 0x8b] as const;
const LENGTH_BYTES = 8;

/**
 * Unpacks and checks a pack: every tensor has the bytes that its shape asks for, and together they fill the file.
 * @param file name for messages, e.g. `digits.pack`
 */
export async function readPack(file: string, bytes: ArrayBuffer): Promise<Pack> {
  const start = new Uint8Array(bytes);
  const zipped = start[0] === GZIP[0] && start[1] === GZIP[1];
  const raw = zipped ? await gunzip(file, bytes) : bytes;
  const { entries, metadata, dataStart } = readHeader(file, raw);
  const tensors = new Map<string, Tensor>();
  let filled = 0;
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [from, to] = data_offsets;
    const values = shape.reduce((product, extent) => product * extent, 1);
    if (to - from !== values * DTYPES[dtype]) {
      const has = `${to - from} bytes`;
      throw new PackError(file, `tensor "${name}" of shape [${shape.join(', ')}] and type ${dtype} has ${has}`);
    }
    // In the order of their offsets, each must begin where the one before it ends: no gap, no overlap.
    if (from !== filled) throw new PackError(file, `tensor "${name}" begins at ${from}, not ${filled}`);
    if (dataStart + to > raw.byteLength) {
      const rest = `${dataStart + to - raw.byteLength} bytes are missing`;
      throw new PackError(file, `it ends within tensor "${name}", ${rest}`);
    }
    tensors.set(name, tensorAt(raw, dataStart + from, values, dtype, shape));
    filled = to;
  }
  if (dataStart + filled !== raw.byteLength) {
    throw new PackError(file, `${raw.byteLength - dataStart - filled} bytes follow its last tensor`);
  }
  return { name: file, tensors, metadata };
}

async function gunzip(file: string, bytes: ArrayBuffer): Promise<ArrayBuffer> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return await new Response(stream).arrayBuffer();
  } catch (cause) {
    throw new PackError(file, 'its compressed data is cut short or wrong', { cause });
  }
}

interface Header {
  /** Sorted by offset, empty tensors first among equals. */
  readonly entries: readonly (readonly [string, v.InferOutput<typeof entry>])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataStart: number;
}

function readHeader(file: string, raw: ArrayBuffer): Header {
  if (raw.byteLength < LENGTH_BYTES) throw new PackError(file, `it has only ${raw.byteLength} bytes`);
  const length = Number(new DataView(raw).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  if (dataStart > raw.byteLength) {
    // Many servers answer a missing file with their start page.
    const page = new Uint8Array(raw)[0] === '<'.charCodeAt(0);
    throw new PackError(file, page ? 'a web page came in its place' : 'its header is longer than the file');
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(raw, LENGTH_BYTES, length)));
  } catch (cause) {
    throw new PackError(file, 'its header is not JSON', { cause });
  }
  const { __metadata__ = {}, ...tensors }: { __metadata__?: unknown; [name: string]: unknown } = {
    ...check(file, header, json),
  };
  const entries = Object.entries(tensors)
    .map(([name, value]) => [name, check(file, entry, value, name)] as const)
    .sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  return { entries, metadata: check(file, metadata, __metadata__, '__metadata__'), dataStart };
}

/** The value, where the schema takes it. @throws PackError naming the place, below `path`. */
function check<T>(file: string, schema: v.GenericSchema<unknown, T>, value: unknown, path = ''): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = [path, v.getDotPath(issue)].filter(Boolean).join('.') || 'its root';
  throw new PackError(file, `its header is wrong at ${place} (${issue.message})`);
}

function tensorAt(raw: ArrayBuffer, from: number, count: number, dtype: Dtype, shape: readonly number[]): Tensor {
  switch (dtype) {
    case 'U8':
      return { dtype, shape, values: new Uint8Array(raw, from, count) };
    case 'I8':
      return { dtype, shape, values: new Int8Array(raw, from, count) };
    case 'F32':
      // Copied, for a view would have to start at a multiple of four.
      return { dtype, shape, values: new Float32Array(raw.slice(from, from + count * DTYPES.F32)) };
  }
}
