/** NPY, NumPy's arrays: a header in Python's notation, then the values in either byte order and either memory order. */
import { MOST_BYTES, bytesInWords, grouped } from './limits.ts';
import { OwnDataError } from './own.ts';
import { shapeInWords, volume } from './samples.ts';

/** Values in C order; 64-bit integers as floats, which are exact up to 2⁵³. */
export interface NpyArray {
  readonly path: string;
  /** As in the header, without byte order: `u1`, `f4`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int8Array | Int32Array | Float32Array | Float64Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MOST_AXES = 8;

type ArrayType = (new (buffer: ArrayBuffer) => NpyArray['values']) & { readonly BYTES_PER_ELEMENT: number };

/** How a type is read. */
interface Reader {
  /** Bytes a value. */
  readonly bytes: number;
  /** The array that its values go to, and that has the same layout where `isSame`. */
  readonly make: ArrayType;
  readonly isSame: boolean;
  readonly get: (view: DataView, at: number, little: boolean) => number;
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['b1', { bytes: 1, make: Uint8Array, isSame: false, get: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) }],
  ['u1', { bytes: 1, make: Uint8Array, isSame: true, get: (view, at) => view.getUint8(at) }],
  ['i1', { bytes: 1, make: Int8Array, isSame: true, get: (view, at) => view.getInt8(at) }],
  ['u2', { bytes: 2, make: Int32Array, isSame: false, get: (view, at, little) => view.getUint16(at, little) }],
  ['i2', { bytes: 2, make: Int32Array, isSame: false, get: (view, at, little) => view.getInt16(at, little) }],
  ['u4', { bytes: 4, make: Float64Array, isSame: false, get: (view, at, little) => view.getUint32(at, little) }],
  ['i4', { bytes: 4, make: Int32Array, isSame: true, get: (view, at, little) => view.getInt32(at, little) }],
  [
    'u8',
    { bytes: 8, make: Float64Array, isSame: false, get: (view, at, little) => Number(view.getBigUint64(at, little)) },
  ],
  [
    'i8',
    { bytes: 8, make: Float64Array, isSame: false, get: (view, at, little) => Number(view.getBigInt64(at, little)) },
  ],
  ['f4', { bytes: 4, make: Float32Array, isSame: true, get: (view, at, little) => view.getFloat32(at, little) }],
  ['f8', { bytes: 8, make: Float64Array, isSame: true, get: (view, at, little) => view.getFloat64(at, little) }],
]);

/** Whether this machine has the lowest byte first, as almost all do. */
const IS_LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Whether all values of the type are whole numbers. */
export function isWhole({ dtype }: NpyArray): boolean {
  return !dtype.startsWith('f');
}

/** `x.npy [1797, 8, 8] f8`, for messages. */
export function describeArray({ path, shape, dtype }: NpyArray): string {
  return `${path} [${shape.join(', ')}] ${dtype}`;
}

/**
 * @param path for messages
 * @throws OwnDataError where the file is no array, is cut short or holds what is not read
 */
export function readNpy(path: string, bytes: Uint8Array<ArrayBuffer>): NpyArray {
  const { descr, fortran, shape, start } = readHeader(path, bytes);
  const dtype = descr.slice(1);
  const reader = READERS.get(dtype);
  if (reader === undefined) {
    const known = [...READERS.keys()].join(', ');
    throw new OwnDataError(`${path} holds values of type ${descr}; convert them to one of ${known}, e.g. by astype`);
  }
  const length = volume(shape);
  const expected = start + length * reader.bytes;
  if (bytes.length !== expected) {
    const found = `${grouped(bytes.length)} bytes were found, ${grouped(expected)} expected`;
    throw new OwnDataError(`${path}: ${found} for ${shapeInWords(shape)} values of ${descr}; save or copy it again`);
  }
  if (length * 8 > 2 * MOST_BYTES) {
    throw new OwnDataError(`${path} holds ${bytesInWords(length * 8)} once read; give fewer samples`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  const little = !descr.startsWith('>');
  const inOrder = !fortran || shape.length < 2;
  if (inOrder && reader.isSame && (little === IS_LITTLE || reader.bytes === 1)) {
    return { path, dtype, shape, values: new reader.make(bytes.slice(start).buffer) };
  }
  const values = new reader.make(new ArrayBuffer(length * reader.make.BYTES_PER_ELEMENT));
  if (inOrder) for (let i = 0, at = 0; i < length; i++, at += reader.bytes) values[i] = reader.get(view, at, little);
  else fillFortran(values, shape, reader, view, little);
  return { path, dtype, shape, values };
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

function readHeader(path: string, bytes: Uint8Array<ArrayBuffer>): Header {
  if (bytes.length < 10 || MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new OwnDataError(`${path} does not begin as a NumPy array does; save it by numpy.save`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirst = bytes[6] === 1;
  const from = isFirst ? 10 : 12;
  const start = bytes.length < from ? Infinity : from + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw new OwnDataError(`${path} ends within its header; save or copy it again`);
  const text = new TextDecoder().decode(bytes.subarray(from, start));
  const descr = /'descr':\s*'([<>|=][A-Za-z]\d+)'/.exec(text)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const extents = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || fortran === undefined || extents === undefined) {
    throw new OwnDataError(`${path}: its header is damaged or of a structured type; save a plain array of numbers`);
  }
  const shape = extents.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  if (shape.length > MOST_AXES || !Number.isSafeInteger(volume(shape) * 8)) {
    throw new OwnDataError(`${path}: its shape [${shape.join(', ')}] is too large or damaged; save it again`);
  }
  return { descr, fortran: fortran === 'True', shape, start };
}

/** The first axis runs fastest in the file, the last here. */
function fillFortran(
  values: NpyArray['values'],
  shape: readonly number[],
  { bytes, get }: Reader,
  view: DataView,
  little: boolean,
): void {
  const strides = shape.map((_, axis) => volume(shape.slice(0, axis)) * bytes);
  const index = shape.map(() => 0);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = get(view, at, little);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}
