/** Which backend to train on: those present are measured for a moment, and the fastest is taken. */
import { add, backend, matMul, ones, sigmoid, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { activateBackend, type WasmFiles } from './backends.ts';
import { BACKENDS, type BackendName, type BackendReport } from './protocol.ts';

export interface Choice {
  readonly name: BackendName;
  /** Whether it was chosen by measurement. */
  readonly automatic: boolean;
  readonly reports: readonly BackendReport[];
}

interface Presence {
  readonly device: string;
  /** Emulated on the processor: it works, but WebAssembly is several times faster, so it is not worth the measurement. */
  readonly software: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** What the backend would run on. Rejects with the reason where it is missing. */
async function presence(name: BackendName): Promise<Presence> {
  switch (name) {
    case 'webgpu': {
      // Missing in browsers without WebGPU and on pages that are not served securely.
      const gpu = (navigator as { gpu?: GPU }).gpu;
      if (gpu === undefined) throw new Error('this browser offers no WebGPU');
      const adapter = await gpu.requestAdapter();
      if (adapter === null) throw new Error('no GPU adapter was found');
      const { vendor, architecture, device, description } = adapter.info;
      const words = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'GPU';
      return { device: words, software: SOFTWARE.test(`${words} ${architecture}`) };
    }
    case 'webgl': {
      const context = new OffscreenCanvas(1, 1).getContext('webgl2');
      if (context === null) throw new Error('this browser offers no WebGL 2');
      const debug = context.getExtension('WEBGL_debug_renderer_info');
      const words: unknown = context.getParameter(debug?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
      const device = typeof words === 'string' ? words : 'GPU';
      return { device, software: SOFTWARE.test(device) };
    }
    case 'wasm':
      if (typeof WebAssembly === 'undefined') throw new Error('this browser offers no WebAssembly');
      return { device: 'WebAssembly, one thread', software: false };
    case 'cpu':
      return { device: 'plain JavaScript, slow', software: true };
  }
}

/** Milliseconds of a few operations of a network's kind and size, the best of some rounds after a first. */
async function measure(): Promise<number> {
  const x = ones([4096, 32]);
  const w = ones([32, 32]);
  let best = Infinity;
  for (let round = 0; round < 4; round++) {
    const from = performance.now();
    const result = tidy(() => {
      let y: Tensor = x;
      for (let i = 0; i < 8; i++) y = sigmoid(add(matMul(y, w), 0.1));
      return sum(y);
    });
    await result.data();
    result.dispose();
    if (round > 0) best = Math.min(best, performance.now() - from);
  }
  x.dispose();
  w.dispose();
  return best;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A choice that was begun before it was asked for. */
let prepared: { readonly wanted: BackendName | 'auto'; readonly choice: Promise<Choice> } | null = null;

/** Begins what `chooseBackend` will be asked for, so that it is done while data are on their way. Nothing may run meanwhile. */
export function prepareBackend(wanted: BackendName | 'auto', wasm: WasmFiles): void {
  const choice = choose(wanted, wasm);
  // Whoever asks for it hears of a failure.
  choice.catch(() => undefined);
  prepared = { wanted, choice };
}

/**
 * Makes the wanted backend the current one, or the fastest of those present.
 * Rejects with what to do where the wanted one cannot be used here.
 */
export async function chooseBackend(wanted: BackendName | 'auto', wasm: WasmFiles): Promise<Choice> {
  const before = prepared;
  prepared = null;
  if (before?.wanted === wanted) return before.choice;
  // Two at once would take the place of each other.
  await before?.choice.catch(() => undefined);
  return choose(wanted, wasm);
}

async function choose(wanted: BackendName | 'auto', wasm: WasmFiles): Promise<Choice> {
  const reports: BackendReport[] = [];
  for (const name of BACKENDS) {
    try {
      const { device, software } = await presence(name);
      let milliseconds: number | null = null;
      // WebGL does the same on the same device, more slowly: it is not loaded where WebGPU runs.
      const better = name === 'webgl' && reports.some((report) => report.milliseconds !== null);
      if (wanted === 'auto' && !software && !better) {
        await activateBackend(name, wasm);
        milliseconds = await measure();
      }
      reports.push({ name, device, milliseconds, reason: null });
    } catch (error) {
      reports.push({ name, device: '', milliseconds: null, reason: reasonOf(error) });
    }
  }
  if (wanted !== 'auto') {
    const reason = reports.find(({ name }) => name === wanted)?.reason;
    if (typeof reason === 'string') {
      throw new Error(`the backend ${wanted} cannot be used here (${reason}); choose another one`);
    }
    await activateBackend(wanted, wasm);
    return { name: wanted, automatic: false, reports };
  }
  const measured = reports.filter(({ milliseconds }) => milliseconds !== null);
  const fastest = measured.toSorted((a, b) => (a.milliseconds ?? Infinity) - (b.milliseconds ?? Infinity))[0];
  const name = fastest?.name ?? 'cpu';
  await activateBackend(name, wasm);
  return { name, automatic: true, reports };
}

/** Calls back when the current backend's GPU device is lost other than on purpose. */
export function onDeviceLost(callback: (reason: string) => void): void {
  const current: object = backend();
  if (!('device' in current) || typeof GPUDevice === 'undefined' || !(current.device instanceof GPUDevice)) return;
  void current.device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') callback(message);
  });
}
