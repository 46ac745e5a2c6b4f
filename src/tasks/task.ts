/** What a task is. Adding a task is adding a file beside this one and naming it in `index.ts`. */
import type { NetworkShape, Objective } from '../dnarch/config.ts';

/** Reads a file of `public/` by its path relative to it, e.g. `data/digits.pack`; rejects with a clear message. */
export type ReadFile = (path: string) => Promise<ArrayBuffer>;

/** Is told how far a long preparation has come, as a fraction in [0, 1]. */
export type Progress = (part: number) => void;

/** A label that says: do not count this position, neither in the loss nor in the metric. */
export const IGNORE = 255;

/** One half of a data set. */
export interface Split {
  readonly count: number;
  /** Raw values, `[count, ...grid, channels]`; a network input is `value * scale + offset`. Of tokens their indices. */
  readonly inputs: Uint8Array | Int8Array | Float32Array;
  readonly scale: number;
  readonly offset: number;
  /**
   * Class index a sample (`[count]`) or a position (`[count, ...grid]`), or `IGNORE`; of a field its values in its own
   * units, `[count, ...grid, classes]`, whole numbers or 32-bit floats.
   */
  readonly labels: Uint8Array | Float32Array;
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

/** How a sequence was taken over time. */
export interface Sampling {
  /** Positions a second. */
  readonly rate: number;
  /** Whether it is the waveform of a sound, which a microphone can give. */
  readonly isSound: boolean;
}

export interface Task {
  readonly id: string;
  readonly title: string;
  /** One sentence: what the network has to do. */
  readonly description: string;
  /** One answer a sample, or one a position. */
  readonly kind: 'classes' | 'dense';
  /** Spatial extent of a sample: `[height, width]` or `[length]`. */
  readonly grid: readonly number[];
  readonly channels: number;
  /** Where the inputs are indices of tokens (then there is one channel): what each index stands for. */
  readonly tokens?: readonly string[];
  /** Where the grid is time. */
  readonly sampling?: Sampling;
  /** Whether the grid closes upon itself, as a ring or a torus does. */
  readonly periodic?: boolean;
  /** How many samples in a row come from one source, a patient say; a split into halves keeps them together. One where absent. */
  readonly together?: number;
  /** Names of the answers: classes or, of a field, its channels. */
  readonly classes: readonly string[];
  /**
   * What a run is measured by, as its field does: the share of samples or positions that are right; the overlap of the last
   * class with the truth (intersection over union, the samples' mean); or a field's error relative to its size, ‖û − u‖/‖u‖.
   */
  readonly metric: Objective;
  /** Of a field: an output of the network is `value * scale + offset`. */
  readonly field?: { readonly scale: number; readonly offset: number };
  /** Classes of a dense task that are reported by F1, by index. */
  readonly reported: readonly number[];
  readonly source: Source;
  /** A few samples as an image under `public/`. */
  readonly thumbnail: string;
  /** Default network: see `NetworkShape`. */
  readonly network: NetworkShape;
  readonly batch: number;
  readonly steps: number;
  /** Loads or makes the samples, always the same; rejects with a clear message where the data are damaged. */
  readonly load: (readFile: ReadFile, progress: Progress) => Promise<Dataset>;
}
