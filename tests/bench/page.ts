/** A page that measures the browser's own WebGPU; `chromium.ts` opens it. */
import { perform } from './measure.ts';
import type { FromChild, Job } from './messages.ts';
import { openWebgpu } from './webgpu.ts';

/** What the page shows to whoever opened it, and is given by it. */
export interface PageGlobals {
  doJob: (job: Job) => void;
  readonly sendMessage: (message: FromChild) => void;
}

const page = globalThis as unknown as PageGlobals;
const surroundings = { send: page.sendMessage, open: () => openWebgpu(false), torch: () => null };
page.doJob = (job) => perform(job, surroundings);
