/** What a task is. Adding a task is adding a file beside this one and naming it in `index.ts`. */
import type { NetworkShape } from '../dnarch/config.ts';

/** Reads a file of `public/` by its path relative to it, e.g. `data/digits.pack`; rejects with a clear message. */
export type ReadFile = (path: string) => Promise<ArrayBuffer>;

/** A label that says: do not count this position, neither in the loss nor in the metric. */
export const IGNORE = 255;

/** One half of a data set. */
export interface Split {
  readonly count: number;
  /** Raw values, `[count, ...grid, channels]`; a network input is `value * scale + offset`. */
  readonly inputs: Uint8Array | Int8Array | Float32Array;
  readonly scale: number;
  readonly offset: number;
  /** Class index a sample (`[count]`) or a position (`[count, ...grid]`), or `IGNORE`. */
  readonly labels: Uint8Array;
}

export interface Dataset {
  readonly train: Split;
  readonly test: Split;
}

/** Where a data set comes from, as shown on the page. */
export interface Source {
  readonly name: string;
  readonly url: string;
  readonly licence: string;
  /** How to cite it or what to mind, in one sentence. */
  readonly note: string;
}

export interface Task {
  readonly id: string;
  readonly title: string;
  /** One sentence: what the network has to do. */
  readonly description: string;
  readonly kind: 'classes' | 'dense';
  /** Spatial extent of a sample: `[height, width]` or `[length]`. */
  readonly grid: readonly number[];
  readonly channels: number;
  readonly classes: readonly string[];
  /** Classes of a dense task that are reported by F1, by index. */
  readonly reported: readonly number[];
  readonly source: Source;
  /** Path of the data file under `public/`. */
  readonly file: string;
  /** A few samples as an image under `public/`. */
  readonly thumbnail: string;
  /** Default network: see `NetworkShape`. */
  readonly network: NetworkShape;
  readonly batch: number;
  readonly steps: number;
  /** Parses the bytes of `file`; throws a clear message where they are damaged. */
  readonly parse: (bytes: ArrayBuffer) => Promise<Dataset>;
}
