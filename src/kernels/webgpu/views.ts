/** Parts of a leaf, read into a tensor of their own and added to. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Sink, View } from '../leaf.ts';
import type { Matrix } from '../programs.ts';
import { runProgram, type Program } from './program.ts';

/** @throws Error where gradients are asked for of a leaf that was made without a place for them. */
export function sinkOf({ leaf }: View): Sink {
  if (leaf.sink === null) throw new Error('These parameters have no place for a gradient.');
  return leaf.sink;
}

/** Place of a view's first entry in its sink. */
export function placeOf(view: View): number {
  return sinkOf(view).base + view.offset;
}

/** Where a matrix begins in its buffer, and how its rows follow each other. */
export function matrixAt(matrix: Matrix): { buffer: TensorInfo; offset: number; stride: number; columns: number } {
  if ('leaf' in matrix) {
    const { leaf, offset, stride, columns } = matrix;
    return { buffer: leaf.values, offset, stride, columns };
  }
  const [, columns] = matrix.shape;
  return { buffer: matrix, offset: 0, stride: columns, columns };
}

const READ: Program = {
  name: 'read a view',
  inputs: ['values'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.invocations) { return; }
      let row = index / uniforms.columns;
      result[index] = values[uniforms.offset + row * uniforms.stride + index % uniforms.columns];
    }
  `,
};

/** `[rows, columns]`. */
export function readView(backend: WebGPUBackend, { leaf, offset, stride, rows, columns }: View): TensorInfo {
  const invocations = rows * columns;
  return runProgram(backend, READ, {
    inputs: [leaf.values],
    uniforms: { invocations, offset, stride, columns },
    shape: [rows, columns],
    workgroups: Math.ceil(invocations / READ.workgroup),
  });
}

const ADD: Program = {
  name: 'add to a view',
  inputs: ['dy'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.invocations) { return; }
      let row = index / uniforms.columns;
      result[uniforms.offset + row * uniforms.stride + index % uniforms.columns] += dy[index];
    }
  `,
};

export function addToView(backend: WebGPUBackend, view: View, dy: TensorInfo): void {
  const { stride, rows, columns } = view;
  const invocations = rows * columns;
  runProgram(backend, ADD, {
    inputs: [dy],
    uniforms: { invocations, offset: placeOf(view), stride, columns },
    shape: [],
    workgroups: Math.ceil(invocations / ADD.workgroup),
    into: sinkOf(view).gradient,
  });
}
