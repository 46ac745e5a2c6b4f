/** What is fixed before a run: the network as large as it can get, and the constants of the method. */

/** The axes that can be learned: kernel size, resolution, width, depth. */
export const AXES = ['K', 'R', 'W', 'D'] as const;
export type Axis = (typeof AXES)[number];
export type LearnedAxes = Readonly<Record<Axis, boolean>>;

/** The largest network that masks can leave, by task, and the neutral shape that a run starts from. */
export interface NetworkShape {
  /** Most blocks. */
  readonly blocks: number;
  /** Most channels inside a block, and on the residual stream. */
  readonly inner: number;
  readonly outer: number;
  /** Most taps of a kernel, an axis; odd. */
  readonly kernel: number;
  /** Taps of the kernels at the start, on the full grid. */
  readonly startKernel: number;
  /** Cut of each block's resampling at the start, the last one for all blocks after it; 1 leaves the grid alone. */
  readonly startResolution: readonly number[];
  /** Fraction of the blocks kept at the start. */
  readonly startDepth: number;
  /** What a person would build for the task, to compare with: taps everywhere, and each block's stride. */
  readonly handMade: { readonly taps: number; readonly strides: readonly number[] };
}

/** What is learned: classes, measured by the share that is right or by their overlap, or the values of a field. */
export type Objective = 'accuracy' | 'iou' | 'relative-l2';

/** A network for a task: its largest shape and what goes in and out. */
export interface NetworkConfig extends NetworkShape {
  /** Spatial extent of the input: `[height, width]` or `[length]`. */
  readonly grid: readonly number[];
  /** Channels of the input or, where it is tokens, how many different ones there are. */
  readonly channels: number;
  readonly tokens: boolean;
  /** Whether the grid closes upon itself: convolutions and resampling then go round. */
  readonly periodic: boolean;
  readonly kind: 'classes' | 'dense';
  readonly outputs: number;
  readonly objective: Objective;
  /** Samples a step; the kernels' generation is shared by them. */
  readonly batch: number;
}

/** Entries of a mask under this value are not computed (DNArch, §3). */
export const THRESHOLD = 0.1;
/** Steepness of the width and frequency masks. */
export const TEMPERATURE = 60;
/** Steepness of the depth mask is this times the number of blocks: one block is 3.5 logits. */
export const DEPTH_TEMPERATURE = 3.5;
/** A resampling runs only where it keeps less than this part of an axis: milder ones hardly pay. */
export const SNAP = 0.95;
/** Smallest sizes that a mask may leave: their gradients stay alive (METHOD §10). */
export const LEAST_GRID = 3;
export const LEAST_CHANNELS = 2;
export const LEAST_TAPS = 2.5;
/** The kernel network (MAGNet): hidden width and number of Gabor filters. */
export const GENERATOR = { hidden: 16, filters: 3 } as const;

/** Points of a grid. */
export const pointsOf = (grid: readonly number[]): number => grid.reduce((a, b) => a * b, 1);
