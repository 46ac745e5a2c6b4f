/** What the benchmark and the process that measures one adapter tell each other. */
import type { ContestantName } from './contestant.ts';
import type { Workload } from './workloads.ts';

export type AdapterName = 'gpu' | 'lavapipe' | 'chromium' | 'wasm';

export type Job =
  | { readonly kind: 'open'; readonly adapter: AdapterName }
  | { readonly kind: 'rate' }
  /** `workload` is its number; the last of the rounds end early where `seconds` are over. */
  | {
      readonly kind: 'workload';
      readonly workload: number;
      readonly contestants: readonly ContestantName[];
      readonly rounds: number;
      readonly seconds: number;
    }
  | { readonly kind: 'pipelines' }
  /** Ours, on one after the other in each round; the last of the rounds end early where `seconds` are over. */
  | {
      readonly kind: 'series';
      readonly workloads: readonly Workload[];
      readonly rounds: number;
      readonly seconds: number;
    }
  | { readonly kind: 'crystals' };

export interface Opened {
  readonly device: string;
  readonly software: boolean;
}

/** Multiply–accumulates a second of a product of square matrices, by library. */
export interface Rates {
  readonly tfjs: number;
  readonly jax: number | null;
  readonly torch: TorchRate | null;
}

export interface TorchRate {
  readonly version: string;
  readonly rate: number;
}

export interface Measured {
  /** Of each round, milliseconds a step. */
  readonly milliseconds: readonly number[];
  /** Of the first step, which compiles. */
  readonly firstMilliseconds: number;
  readonly firstLoss: number;
  /** GPU dispatches a step; null where there is no GPU, and where they are not seen. */
  readonly dispatches: number | null;
}

/** What came of one way to train: figures, or why there are none. */
export type Outcome = Measured | { readonly reason: string };

export interface WorkloadResult {
  readonly name: string;
  readonly learned: boolean;
  readonly budget: number;
  /** Multiply–accumulates of a step, both gradients included. */
  readonly macs: number;
  readonly outcomes: Readonly<Partial<Record<ContestantName, Outcome>>>;
}

export interface PipelinesResult {
  /** Compiled until the sizes of the full, half, quarter and tenth network had been seen. */
  readonly warming: number;
  /** Compiled in so many later steps, each with other sizes. */
  readonly later: number;
  readonly steps: number;
}

/** Ours on workloads that differ in one number: milliseconds a step, by workload and round. */
export interface Series {
  readonly name: string;
  readonly at: readonly number[];
  readonly milliseconds: readonly (readonly number[])[];
}

/** Of each round, milliseconds of a forward pass with its loss. */
export interface CrystalResult {
  readonly name: string;
  readonly soft: readonly number[];
  readonly discrete: readonly number[];
}

export type Result =
  | { readonly kind: 'opened'; readonly result: Opened }
  | { readonly kind: 'rate'; readonly result: Rates }
  | { readonly kind: 'workload'; readonly result: WorkloadResult }
  | { readonly kind: 'pipelines'; readonly result: PipelinesResult }
  | { readonly kind: 'series'; readonly result: Series['milliseconds'] }
  | { readonly kind: 'crystals'; readonly result: readonly CrystalResult[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** `phase` says what begins, so that one knows what was under way where nothing more comes. */
export type FromChild = { readonly kind: 'phase'; readonly phase: string } | Result;
