/** The WebGPU adapter that is measured: what it is, with what is asked of it counted, and TF.js on it. */
import { activateBackend } from '../../src/engine/backends.ts';
import { programs } from '../../src/kernels/programs.ts';
import { startCounting } from './counts.ts';
import type { Opened } from './messages.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software/i;

/**
 * Opens `navigator.gpu`, with WebGPU's classes global. Rejects where there is no adapter, or where it runs on the processor and a GPU is
 * asked for.
 */
export async function openWebgpu(onlyGpu: boolean): Promise<Opened> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('no WebGPU adapter was found');
  startCounting();
  const { vendor, architecture, device, description } = adapter.info;
  const words = description || [vendor, architecture, device].filter(Boolean).join(' ');
  const software = SOFTWARE.test(`${words} ${architecture}`);
  if (onlyGpu && software) throw new Error(`no GPU here: the only adapter is ${words}`);
  // All kernels, since what others compose needs more of them than what is ours; of the same modules that ours extend.
  await import('@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels');
  await activateBackend('webgpu', { simd: '', plain: '' });
  if (programs() === null) throw new Error('our own programs were not registered');
  return { device: words, software };
}
