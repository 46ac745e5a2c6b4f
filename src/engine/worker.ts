/** The training worker's door: messages in and out of a session. */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { loadInWorker } from './dataClient.ts';
import type { FromEngine, ToEngine } from './protocol.ts';
import { Session } from './session.ts';

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

const session = new Session({
  post: (message: FromEngine) => self.postMessage(message),
  load: (task, progress) => loadInWorker(base, task, progress),
  wasm: { simd: new URL(simd, self.location.href).href, plain: new URL(plain, self.location.href).href },
  breathe,
});

self.onmessage = ({ data }: MessageEvent<ToEngine>) => {
  if (data.type === 'open') base = data.base;
  else session.handle(data);
};
