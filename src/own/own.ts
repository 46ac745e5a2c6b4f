/** Data of the user's own: what goes in, what comes out, and the error that says what is wrong with it. */
import * as v from 'valibot';
import type { Dataset, Progress, Sampling, Task } from '../tasks/task.ts';

/** A file that was dropped, chosen or named: alone, or one of a folder. */
export interface OwnFile {
  /** Path relative to what was dropped, with `/`: `photos/cat/1.png`, or the bare name. */
  readonly path: string;
  readonly size: number;
  readonly bytes: () => Promise<ArrayBuffer>;
}

/** A picture as a canvas gives it: `[height, width, 4]`, red, green, blue and opacity in 0 to 255. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Rejects where the bytes are no picture that it knows. */
export type DecodeImage = (bytes: Uint8Array<ArrayBuffer>, path: string) => Promise<DecodedImage>;

/** What reading needs from where it runs. */
export interface Around {
  readonly decodeImage: DecodeImage;
  readonly progress: Progress;
  /** When it aborts, reading rejects with its reason. */
  readonly signal?: AbortSignal;
}

const extent = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2048));

/** What the user may say about the data; all of it can be left to the data themselves. */
export const ownOptions = v.strictObject({
  /** Names of the classes, in the order of their labels. */
  classNames: v.exactOptional(v.array(v.pipe(v.string(), v.minLength(1)))),
  /** Share of the samples held out for testing, where the data are not split already. */
  heldOut: v.exactOptional(v.pipe(v.number(), v.minValue(0.05), v.maxValue(0.5))),
  /** Height and width of images. */
  resize: v.exactOptional(v.tuple([extent, extent])),
  /** Samples of a sequence. */
  length: v.exactOptional(extent),
  /** Whether rows of numbers are sequences or square images; of arrays, whether `[n, a, b]` is one or the other. */
  layout: v.exactOptional(v.picklist(['image', 'sequence'])),
  /** Of CSV, the column of the labels: its name in the header, or its number from 1. */
  labelColumn: v.exactOptional(v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(1))])),
});
export type OwnOptions = v.InferOutput<typeof ownOptions>;

/** How many samples of a class, or of dense tasks positions, each half holds. */
export interface ClassCount {
  readonly train: number;
  readonly test: number;
}

/** A data set that was read, checked and split: ready to train on. */
export interface OwnData {
  readonly name: string;
  /** For people: `CSV`, `IDX (MNIST family)`. */
  readonly format: string;
  readonly kind: 'classes' | 'dense';
  readonly metric: Task['metric'];
  /** `[height, width]` or `[length]`. */
  readonly grid: readonly number[];
  readonly channels: number;
  /** Of sequences over time, where it is known. */
  readonly sampling?: Sampling;
  /** Names of the classes or, of a field, of its channels. */
  readonly classes: readonly string[];
  /** By class; empty for a field. */
  readonly counts: readonly ClassCount[];
  /** `scale` and `offset` bring the training inputs to mean 0 and deviation 1. */
  readonly dataset: Dataset;
  /** Of a field: an output of the network is `value * scale + offset`. */
  readonly field?: { readonly scale: number; readonly offset: number };
  /** What was padded, cut, resized, filled or left out, one sentence each. */
  readonly notes: readonly string[];
}

/** What is known of own data without their samples: enough to list them, and for a task of theirs. */
export interface OwnAbout extends Omit<OwnData, 'dataset'> {
  /** How many samples each half holds. */
  readonly samples: ClassCount;
}

/** Data that cannot be used; the message names the file and the place, and says what to do. */
export class OwnDataError extends Error {
  override readonly name = 'OwnDataError';
}
