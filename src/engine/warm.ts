/**
 * What a first step has to wait for, done beforehand: WebGPU's pipelines, all at once and beside each other, and the code that the
 * engine compiles when it first runs. A run of its own takes the step, so that nothing of the real one is changed.
 */
import { backend, env, getBackend } from '@tensorflow/tfjs-core';
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

/** Asks for the pipelines of a step, without computing it. A first step asks for all of them before it waits for anything. */
async function compileTogether(run: Run): Promise<void> {
  const current: object = backend();
  if (!isCompiling(current)) return;
  const onProcessor = env().getBool('WEBGPU_CPU_FORWARD');
  env().set('WEBGPU_ENGINE_COMPILE_ONLY', true);
  // What is not computed must not be looked at by the processor, as it would be where tensors are small.
  env().set('WEBGPU_CPU_FORWARD', false);
  let done: Promise<void>;
  try {
    done = run.step();
  } finally {
    env().set('WEBGPU_ENGINE_COMPILE_ONLY', false);
    env().set('WEBGPU_CPU_FORWARD', onProcessor);
  }
  try {
    await done;
  } finally {
    await current.checkCompileCompletionAsync().catch(() => {
      for (const [key, pipeline] of Object.entries(current.pipelineCache)) {
        if (pipeline instanceof Promise) Reflect.deleteProperty(current.pipelineCache, key);
      }
    });
  }
}
