/** Plain numbers for comparisons: random ones, finite differences, distances. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../../src/dnarch/random.ts';

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((all, extent) => all * extent, 1);
}

export function normals(draw: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => draw.normal());
}

export async function numbersOf(x: Tensor): Promise<number[]> {
  return [...(await x.data())];
}

export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

/** ‖a − b‖/‖b‖. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers beside ${b.length}.`);
  return norm(Array.from(a, (value, i) => value - (b[i] ?? 0))) / norm(b);
}

/**
 * df/dx by central differences at two distances, combined so that the error falls with the fourth power of the
 * larger one (Richardson).
 */
export async function slope(f: (x: number) => Promise<number> | number, x: number, step: number): Promise<number> {
  const central = async (h: number): Promise<number> => ((await f(x + h)) - (await f(x - h))) / (2 * h);
  return (4 * (await central(step / 2)) - (await central(step))) / 3;
}

/** The integers from 0 up to n. */
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
