/**
 * What a run's first steps have to wait for, done beforehand: WebGPU's pipelines, all at once and beside each other, and the code
 * that the engine compiles when it first runs. A run of its own takes the steps, so that nothing of the real one is changed.
 */
import { backend, env, getBackend } from '@tensorflow/tfjs-core';
import { learnedParameters, parameterLayout } from '../dnarch/parameters.ts';
import { random } from '../dnarch/random.ts';
import { project } from '../dnarch/shapes.ts';
import { PERIOD } from '../dnarch/training.ts';
import { Run } from './run.ts';
import type { RunSettings } from './protocol.ts';
import type { Loaded } from './session.ts';

/** Nothing else may be computed until this resolves; it never rejects. */
export async function warm({ task, data }: Loaded, settings: RunSettings): Promise<void> {
  // Plain JavaScript has little to prepare, and its steps are so long that one should not be taken for nothing.
  if (getBackend() === 'cpu') return;
  let run: Run | undefined;
  try {
    run = new Run(task, data, settings);
    if (getBackend() === 'webgpu') await compileTogether(run);
    else await run.step();
  } catch {
    // The real run says what is wrong.
  } finally {
    run?.dispose();
  }
}

/** What TF.js has of pipelines, by their keys: those that are not ready are promises. */
interface Compiling {
  readonly pipelineCache: Record<string, unknown>;
  checkCompileCompletionAsync(): Promise<void>;
}

function isCompiling(value: object): value is Compiling {
  return 'pipelineCache' in value && 'checkCompileCompletionAsync' in value;
}

/** Asks for the pipelines of steps and evaluations, without computing them. */
async function compileTogether(run: Run): Promise<void> {
  const current: object = backend();
  if (!isCompiling(current)) return;
  const onProcessor = env().getBool('WEBGPU_CPU_FORWARD');
  env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
  // What is not computed must not be looked at by the processor, as it would be where tensors are small.
  env().set('WEBGPU_CPU_FORWARD', false);
  try {
    await visit(run);
  } finally {
    env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
    env().set('WEBGPU_CPU_FORWARD', onProcessor);
    await current.checkCompileCompletionAsync().catch(() => {
      for (const [key, pipeline] of Object.entries(current.pipelineCache)) {
        if (pipeline instanceof Promise) Reflect.deleteProperty(current.pipelineCache, key);
      }
    });
  }
}

/**
 * A step and the beginning of an evaluation, of the run's own network and of others that it may become: some operations are
 * needed only where an axis is resampled or a width changes, some pipelines of TF.js's where a width is a multiple of four.
 */
async function visit(run: Run): Promise<void> {
  const draw = random(1, 1);
  // Fewer than until results are read back, since there are none.
  for (let step = 1; step < PERIOD; step++) {
    if (step > 1) run.training.parameters = elsewhere(run, () => draw.uniform(0.1, 1));
    await run.step();
    // Moments of a first batch, and their mean with those of a second.
    run.freeze(2).dispose();
  }
}

/** Parameters with other values for all that is learned, of as many blocks as there may be. */
function elsewhere({ training: { config, parameters }, settings }: Run, draw: () => number): Float64Array {
  const layout = parameterLayout(config);
  const learned = learnedParameters(layout, settings.learn);
  const other = parameters.map((own, i) => (learned[i] === 1 ? draw() : own));
  if (learned[layout.depth] === 1) other[layout.depth] = 1;
  return project(config, other);
}
