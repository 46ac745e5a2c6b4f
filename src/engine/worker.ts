/** The training worker's door: messages in and out of a session. */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { prepareBackend } from './chooseBackend.ts';
import { loadInWorker } from './dataClient.ts';
import type { FromEngine, ToEngine } from './protocol.ts';
import { Session, type Loaded } from './session.ts';
import { warm } from './warm.ts';

let base = self.location.href;

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** A message to oneself comes after those that are waiting, and without the delay that timers get. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** Milliseconds after the run is ready in which a wish to play goes before the warming. */
const SOON = 60;

const files = { simd: new URL(simd, self.location.href).href, plain: new URL(plain, self.location.href).href };
let loaded: Loaded | null = null;
let started = false;
/** For which network, of which task, on which backend, there has been a step or a warming. */
let warmed = '';
let soon: ReturnType<typeof setTimeout> | undefined;
/** Messages wait for it. */
let warming = Promise.resolve();

/** While the page is being read, what the first step would wait for is done. */
function warmSoon({ settings, backend }: Extract<FromEngine, { type: 'ready' }>): void {
  // The session itself has its pipelines compiled.
  if (backend === 'webgpu') return;
  const own = loaded;
  const key = JSON.stringify([backend, settings]);
  if (own?.task.id !== settings.task || key === warmed) return;
  warmed = key;
  soon = setTimeout(() => (warming = warm(own, settings)), SOON);
}

const session = new Session({
  post: (message: FromEngine) => {
    self.postMessage(message);
    if (message.type === 'ready') warmSoon(message);
  },
  load: async (task, progress) => (loaded = await loadInWorker(base, task, progress)),
  wasm: files,
  breathe,
});

self.onmessage = ({ data }: MessageEvent<ToEngine>) => {
  if (data.type === 'open') {
    base = data.base;
    return;
  }
  clearTimeout(soon);
  if (data.type === 'start' && !started) {
    started = true;
    prepareBackend(data.backend, files);
  }
  void warming.then(() => session.handle(data));
};
