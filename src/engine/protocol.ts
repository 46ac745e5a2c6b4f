/** What the page and the training worker say to each other. Types only. */
import type { Architecture } from '../architecture/architecture.ts';
import type { LearnedAxes } from '../dnarch/config.ts';
import type { Start } from '../dnarch/training.ts';

export const BACKENDS = ['webgpu', 'webgl', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** What defines a run: the same settings, seed and backend give the same run. */
export interface RunSettings {
  readonly task: string;
  readonly seed: number;
  readonly learn: LearnedAxes;
  /** Target cost as a fraction of the full network's, in (0, 1]. */
  readonly budget: number;
  /** Weight of the budget in the loss, ≥ 0. */
  readonly lambda: number;
  /** One-sided: staying under the budget is free. */
  readonly oneSided: boolean;
  readonly learningRate: number;
  /** Learning rate of the architecture's parameters. */
  readonly maskLearningRate: number;
  readonly batch: number;
  readonly dropout: number;
  /** Begin as the full network, or at the budget: in a neutral, the task's hand-made, a uniform or a wrong shape. */
  readonly start: Start;
  /** Steps of a run of given length (its depth is fixed at 45 % of it, all sizes at 60 %), or null for an open-ended one. */
  readonly steps: number | null;
}

/** The settings that may change while a run goes on. */
export type LiveSettings = Partial<
  Pick<RunSettings, 'learn' | 'budget' | 'lambda' | 'oneSided' | 'learningRate' | 'maskLearningRate'>
>;

/** A sample of the user's own. */
export interface Sample {
  /** `[height, width]` or `[length]`; where it is not the task's, it is interpolated to that. */
  readonly grid: readonly number[];
  readonly channels: number;
  /** `[...grid, channels]`, in the units of the network's input; indices of tokens. */
  readonly values: Float32Array;
}

export type ToEngine =
  /** Said once, first: where the page's files are, as an absolute URL. */
  | { readonly type: 'open'; readonly base: string }
  | { readonly type: 'start'; readonly settings: RunSettings; readonly backend: BackendName | 'auto' }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'reset' }
  | { readonly type: 'adjust'; readonly settings: LiveSettings }
  | { readonly type: 'settle' }
  /** Which held-out sample the snapshots are to show inside the network, by its index; wraps around at the end. */
  | { readonly type: 'look'; readonly sample: number }
  /** A sample of the user's own that the snapshots are to show instead. */
  | { readonly type: 'try'; readonly sample: Sample };

/** A backend that was tried at start. */
export interface BackendReport {
  readonly name: BackendName;
  /** Adapter or device, in its own words; e.g. `SwiftShader` or `WebAssembly SIMD`. */
  readonly device: string;
  /** Time of the short measurement; null where the backend could not be used. */
  readonly milliseconds: number | null;
  /** Why it could not be used. */
  readonly reason: string | null;
}

/** How free the architecture is: learning, only widths and so on, or frozen while the weights finish. */
export type Phase = 'learning' | 'depth-frozen' | 'settled';

/** The two forces on one size, as changes of loss per unit of the parameter; positive wants it larger. */
export interface Force {
  readonly task: number;
  readonly budget: number;
}

/** A sigmoid mask: the fraction kept and the steepness. The mask is 1/(1 + exp(τ(x − μ))), μ = cut − ln((1 − T)/T)/τ. */
export interface SigmoidMask {
  readonly cut: number;
  readonly temperature: number;
  readonly force: Force;
}

/** The masks of one block: what the architecture's sizes are read from. */
export interface BlockMasks {
  /** One a spatial axis. `taps` is the real-valued size of the kernel on the block's grid. */
  readonly kernel: readonly { readonly sigma: number; readonly taps: number; readonly force: Force }[];
  /** One a spatial axis, over frequency, 1 = Nyquist of the block's input. */
  readonly resolution: readonly SigmoidMask[];
  readonly inner: SigmoidMask;
  readonly outer: SigmoidMask;
}

/** Sampled, masked kernels of one block: values `[taps..., channels]`, row-major. */
export interface KernelSample {
  readonly block: number;
  /** `[height, width]` or `[length]`, in taps. */
  readonly size: readonly number[];
  readonly channels: number;
  readonly values: Float32Array;
  /** The first channel's continuous kernel, masked alike, on a lattice `fineness` times as dense between the outermost taps. */
  readonly fine: { readonly fineness: number; readonly size: readonly number[]; readonly values: Float32Array };
}

/** Real activations of one sample, coarse enough to be looked at. */
export interface FeatureMap {
  /** `[height, width]` or `[length]`; a very large grid is thinned out. */
  readonly grid: readonly number[];
  readonly channels: number;
  /** `[...grid, channels]`, row-major; ±127 is the largest magnitude of the map. */
  readonly values: Int8Array;
  /** That magnitude. */
  readonly largest: number;
}

/** One held-out sample on its way through the network. */
export interface Probe {
  /** Index of the sample in the held-out data, of which there are `count`; null for one of the user's own. */
  readonly sample: number | null;
  readonly count: number;
  readonly input: FeatureMap;
  /** Where the task's inputs are tokens: all of them, by index. */
  readonly tokens: Uint8Array | null;
  /** The stream after each block that is run: in images the first channels of it, in sequences all. */
  readonly blocks: readonly (FeatureMap & { readonly block: number })[];
  /** What each block that is run gets, over frequency from 0 to Nyquist of its input. */
  readonly spectra: readonly {
    readonly block: number;
    /** Mean power of the DCT coefficients along each axis over some samples, as √(power/largest), constant part left out. */
    readonly axes: readonly Float32Array[];
  }[];
  readonly output: ProbeOutput;
}

/** What the network answers, beside the truth, which nobody knows of a sample of the user's own: then it is -1, 255 or NaN. */
export type ProbeOutput =
  | { readonly kind: 'classes'; readonly probabilities: Float32Array; readonly truth: number }
  /** A class a position, `[...grid]`; a truth of 255 is not counted. */
  | { readonly kind: 'dense'; readonly classes: Uint8Array; readonly truth: Uint8Array }
  /** Values in the field's own units, `[...grid, channels]`. */
  | {
      readonly kind: 'field';
      readonly channels: number;
      readonly values: Float32Array;
      readonly truth: Float32Array;
    };

/** The state of a run after a step; one is posted a frame at most. */
export interface Snapshot {
  readonly step: number;
  readonly phase: Phase;
  /** Means over the steps since the last snapshot. NaN before the first step. */
  readonly loss: number;
  readonly taskLoss: number;
  readonly budgetLoss: number;
  /** The task's metric on training data. */
  readonly trainMetric: number;
  /** Multiply–accumulates a sample that the budget allows. */
  readonly target: number;
  readonly architecture: Architecture;
  readonly masks: readonly BlockMasks[];
  readonly depth: SigmoidMask;
  /** Kernels of the kept blocks; null in most snapshots, since they change slowly. */
  readonly kernels: readonly KernelSample[] | null;
  /** The chosen sample inside the network; null in most snapshots, like the kernels. */
  readonly probe: Probe | null;
  /** Median milliseconds a step. */
  readonly stepTime: number;
}

/** A measurement on held-out data. */
export interface Evaluation {
  readonly step: number;
  /** The task's metric: accuracy or IoU in [0, 1], or a relative error, which is better the smaller it is. */
  readonly metric: number;
  readonly loss: number;
  /** What else its field reports: F1 of each reported class, Dice, share of positions. Each in [0, 1]. */
  readonly scores: readonly { readonly name: string; readonly value: number }[];
  /** How often each class (row) was taken for which (column), `[truth · classes + answer]`; null for fields. */
  readonly confusion: readonly number[] | null;
}

export type FromEngine =
  /** While the data load, the run before goes on. `part` says how far it has come, in [0, 1], where that is known. */
  | { readonly type: 'loading'; readonly what: 'the data' | 'the numeric backend'; readonly part: number | null }
  | {
      readonly type: 'ready';
      readonly settings: RunSettings;
      readonly backend: BackendName;
      readonly backends: readonly BackendReport[];
      /** Least and largest input of the network in a part of the training data. */
      readonly inputRange: readonly [number, number];
      readonly snapshot: Snapshot;
    }
  | { readonly type: 'playing'; readonly playing: boolean }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'evaluation'; readonly evaluation: Evaluation }
  | {
      readonly type: 'failure';
      /** What happened, and what to do about it, in one or two sentences. */
      readonly message: string;
      readonly remedy: string;
      /** Whether the run goes on; where not, the page offers to start again or with another backend. */
      readonly fatal: boolean;
    }
  /** A run that was asked for has no data to begin with; the one that is under way goes on as it was. */
  | { readonly type: 'refused'; readonly settings: RunSettings; readonly reason: string; readonly playing: boolean };
