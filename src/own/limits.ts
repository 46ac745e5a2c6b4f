/** How much is read, so that no file fills the memory of the page. */
import { OwnDataError } from './own.ts';

const KILO = 1024;
const MEGA = KILO * KILO;

/** Most bytes of all files together, as they are given and once they are unpacked. */
export const MOST_BYTES = KILO * MEGA;
/** Most bytes of the inputs as they are kept for training. */
export const MOST_DECODED = 256 * MEGA;
/** Most classes: labels are bytes, and 255 says that a position is not counted. */
export const MOST_CLASSES = 255;
/** Most samples of a sequence: longer ones are cut, sounds made coarser. */
export const MOST_LENGTH = 2048;
/** Most pixels of a picture before it is made smaller. */
export const MOST_PIXELS = 40 * MEGA;
/** What unpacks to more than this many times its size is a trap, where it is large at all. */
const MOST_RATIO = 200;
const LARGE = 64 * MEGA;

/** `1,234 bytes`, `12 MB`, `1.5 GB`. */
export function bytesInWords(bytes: number): string {
  if (bytes < MEGA) return `${grouped(bytes)} bytes`;
  if (bytes < KILO * MEGA) return `${grouped(Math.round(bytes / MEGA))} MB`;
  return `${(bytes / MEGA / KILO).toFixed(1)} GB`;
}

/** `60,000`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Counts what is unpacked while it streams, whatever the headers say. */
export class Unpacked {
  #bytes = 0;

  /**
   * @param more bytes that have just come out of `path`, which has given `total` so far out of `packed`
   * @throws OwnDataError where that is too much
   */
  add(more: number, path: string, total: number, packed: number): void {
    this.#bytes += more;
    if (this.#bytes > MOST_BYTES) {
      const most = bytesInWords(MOST_BYTES);
      throw new OwnDataError(`${path}: unpacked, the files are over ${most}; give fewer samples at a time`);
    }
    if (total > LARGE && total > MOST_RATIO * packed) {
      const size = `${bytesInWords(packed)} unpack to over ${bytesInWords(total)}`;
      throw new OwnDataError(`${path}: ${size}, which looks like a trap; unpack it yourself if you trust it`);
    }
  }
}

/** @throws OwnDataError where so many inputs of so many bytes would not fit. */
export function checkDecoded(values: number, bytesEach: number): void {
  const bytes = values * bytesEach;
  if (bytes <= MOST_DECODED) return;
  throw new OwnDataError(
    `decoded, the inputs take ${bytesInWords(bytes)}, over ${bytesInWords(MOST_DECODED)}; ` +
      'give fewer samples, smaller images or shorter sequences',
  );
}
