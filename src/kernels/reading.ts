/** Reading several tensors back at once, without waiting for one before the next is asked for. */
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The numbers of each tensor, which is disposed then. They are not joined into one before: WebGPU would compile that for every
 * number of tensors.
 */
export async function readAndDispose(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map(numbersOf));
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

async function numbersOf(tensor: Tensor): Promise<Float32Array> {
  const data = await tensor.data();
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
