/** What the page and the worker that reads own data say to each other. Types only. */
import type { OwnAbout, OwnOptions } from './own.ts';
import type { OwnEntry } from './store.ts';

/** A file with its path relative to what was dropped or chosen. */
export interface NamedFile {
  readonly path: string;
  readonly file: Blob;
}

/** Samples that were made on the page: drawn, or taken by the camera. */
export interface Made {
  readonly name: string;
  /** For people: `drawn by hand`. */
  readonly format: string;
  readonly grid: readonly number[];
  readonly channels: number;
  readonly classes: readonly string[];
  readonly samples: readonly { readonly label: number; readonly values: Uint8Array }[];
}

export type Given =
  { readonly type: 'files'; readonly files: readonly NamedFile[] } | { readonly type: 'made'; readonly made: Made };

/** One sample, coarse enough to be looked at: a figure's `FeatureMap`, whose values tell the course and not the size. */
export interface Shown {
  /** Class of the sample; null where each position has an answer. */
  readonly label: number | null;
  readonly map: {
    readonly grid: readonly number[];
    readonly channels: number;
    readonly values: Int8Array;
    readonly largest: number;
  };
}

/** What was read, before it is kept. */
export interface Preview {
  readonly about: OwnAbout;
  readonly shown: readonly Shown[];
}

export type ToReader =
  | { readonly type: 'read'; readonly given: Given; readonly options: OwnOptions }
  /** Keeps what was read last, under the names that it has by now. */
  | { readonly type: 'keep'; readonly name: string; readonly classes: readonly string[]; readonly thumbnail: string };

export type FromReader =
  | { readonly type: 'progress'; readonly part: number }
  | { readonly type: 'read'; readonly preview: Preview }
  | { readonly type: 'kept'; readonly entry: OwnEntry }
  | { readonly type: 'failed'; readonly message: string };
