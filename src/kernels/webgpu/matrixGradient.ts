/**
 * Gradients in matrices, xᵀ·dy: an invocation works out 8 by 4 entries over a slice of the lines; the slices' sums are added up
 * where they are used.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { GELU_SLOPE } from '../gelu.ts';
import type { View } from '../leaf.ts';
import type { Activation, Lines, Matrix, RowMask } from '../programs.ts';
import { columnSums } from './columnSums.ts';
import { runProgram, sizeOf, type Program } from './program.ts';
import { matrixAt, placeOf, sinkOf } from './views.ts';

/** Rows of an invocation's block; it has 4 columns. */
const ROWS = 8;

const each = (code: (row: number) => string): string => Array.from({ length: ROWS }, (_, row) => code(row)).join('\n');

function programOf(name: string, activated: boolean, dropout: boolean): Program {
  const pieces = ['x', 'y', 'z', 'w'];
  return {
    name: `matrix gradient ${name}`,
    inputs: ['x', 'dy', ...(dropout ? ['dropped'] : [])],
    workgroup: 64,
    code: `
      fn valueAt(place : i32, line : i32, k : i32) -> f32 {
        // One more row than x has columns is the bias's.
        if (k >= uniforms.inner) { return 1.0; }
        var value = x[place + k * uniforms.after];
        ${activated ? `value = value / (1.0 + exp(-${GELU_SLOPE} * value));` : ''}
        ${dropout ? 'value *= dropped[line / uniforms.points * uniforms.inner + k];' : ''}
        return value;
      }

      fn main(index : i32) {
        let groups = (uniforms.columns + 3) / 4;
        let blocks = groups * ((uniforms.rows + ${ROWS - 1}) / ${ROWS});
        if (index >= blocks * uniforms.slices) { return; }
        let slice = index / blocks;
        let column = index % groups * 4;
        let row = index % blocks / groups * ${ROWS};
        // Beyond the last row and column the last one's values are read and never written.
        let lastColumn = uniforms.columns - 1;
        let lastRow = uniforms.rows - 1;
        let c1 = min(column + 1, lastColumn) * uniforms.after;
        let c2 = min(column + 2, lastColumn) * uniforms.after;
        let c3 = min(column + 3, lastColumn) * uniforms.after;
        ${each((i) => `var sum${i} = vec4<f32>(0.0); let row${i} = min(row + ${i}, lastRow);`)}
        let begin = slice * uniforms.share;
        var at = begin % uniforms.after;
        var xBase = uniforms.begin + begin / uniforms.after * uniforms.stride * uniforms.after;
        var dyBase = begin / uniforms.after * uniforms.columns * uniforms.after;
        for (var line = begin; line < min(begin + uniforms.share, uniforms.lines); line++) {
          let place = dyBase + at;
          let slopes = vec4<f32>(dy[place + column * uniforms.after], dy[place + c1], dy[place + c2], dy[place + c3]);
          ${each((i) => `sum${i} += valueAt(xBase + at, line, row${i}) * slopes;`)}
          at += 1;
          if (at == uniforms.after) {
            at = 0;
            xBase += uniforms.stride * uniforms.after;
            dyBase += uniforms.columns * uniforms.after;
          }
        }
        let base = slice * uniforms.rows * uniforms.columns + column;
        ${each(
          (i) => `if (row + ${i} <= lastRow) {
          ${pieces.map((piece, j) => `if (column + ${j} <= lastColumn) { result[base + row${i} * uniforms.columns + ${j}] = sum${i}.${piece}; }`).join('\n')}
        }`,
        )}
      }
    `,
  };
}

const PLAIN = programOf('plain', false, false);
const ACTIVATED = programOf('activated', true, false);
const DROPPED = programOf('activated with dropout', true, true);

/** Invocations that keep a large GPU busy; slices that are still quickly summed; lines that are worth a slice. */
const ENOUGH = 2 ** 15;
const MOST_SLICES = 128;
const FEWEST_LINES = 16;

interface Operands {
  readonly x: TensorInfo;
  /** Entry 0 of x's line 0, and entries of x from one line to the next. */
  readonly from?: number;
  readonly stride?: number;
  readonly inner: number;
  readonly dy: TensorInfo;
  readonly columns: number;
  readonly at: Lines;
  readonly withBias: boolean;
  readonly activation?: Activation;
}

/** Sums over slices of the lines, `[slices, inner (+ 1 for the bias), columns]`. */
export function partialGradients(backend: WebGPUBackend, operands: Operands): TensorInfo {
  const { x, from = 0, inner, stride = inner, dy, columns, at, withBias, activation } = operands;
  const rows = inner + (withBias ? 1 : 0);
  const blocks = Math.ceil(rows / ROWS) * Math.ceil(columns / 4);
  const wanted = Math.min(MOST_SLICES, Math.ceil(ENOUGH / blocks), Math.ceil(at.lines / FEWEST_LINES));
  const share = Math.ceil(at.lines / wanted);
  const slices = Math.ceil(at.lines / share);
  const dropout = activation?.dropout ?? null;
  const program = activation === undefined ? PLAIN : dropout === null ? ACTIVATED : DROPPED;
  return runProgram(backend, program, {
    inputs: [x, dy, ...(dropout === null ? [] : [dropout])],
    uniforms: {
      lines: at.lines,
      after: at.after,
      begin: from,
      stride,
      inner,
      rows,
      columns,
      slices,
      share,
      points: at.lines / (dropout?.shape[0] ?? at.lines),
    },
    shape: [slices, rows * columns],
    workgroups: Math.ceil((blocks * slices) / program.workgroup),
  });
}

/** xᵀ·dy, `[inner, columns]`. */
export function matrixGradient(backend: WebGPUBackend, operands: Omit<Operands, 'withBias'>): TensorInfo {
  const partial = partialGradients(backend, { ...operands, withBias: false });
  const shape = [operands.inner, operands.columns];
  if (partial.shape[0] === 1) return { ...partial, shape };
  const gradient = columnSums(backend, partial);
  backend.disposeData(partial.dataId);
  return { ...gradient, shape };
}

const ADD: Program = {
  name: 'add matrix gradient',
  inputs: ['partial'],
  workgroup: 64,
  code: `
    fn main(index : i32) {
      if (index >= uniforms.rows * uniforms.columns) { return; }
      var sum = 0.0;
      for (var slice = 0; slice < uniforms.slices; slice++) {
        sum += partial[slice * uniforms.rows * uniforms.columns + index];
      }
      let row = index / uniforms.columns;
      let column = index % uniforms.columns;
      result[select(uniforms.offset + row * uniforms.stride, uniforms.bias, row == uniforms.inner) + column] += sum;
    }
  `,
};

/** Adds xᵀ·dy to the sink of w, and the last row to that of the bias, which is the same sink. */
export function addMatrixGradient(
  backend: WebGPUBackend,
  operands: Omit<Operands, 'inner' | 'columns' | 'withBias'>,
  w: View,
  bias: View | null,
  onesInX = true,
): void {
  const { rows: inner, columns } = w;
  const rows = inner + (bias === null ? 0 : 1);
  const partial = partialGradients(backend, {
    ...operands,
    inner: onesInX ? inner : rows,
    columns,
    withBias: onesInX && bias !== null,
  });
  runProgram(backend, ADD, {
    inputs: [partial],
    uniforms: {
      rows,
      columns,
      inner,
      slices: partial.shape[0] ?? 1,
      offset: placeOf(w),
      stride: w.stride,
      bias: bias === null ? 0 : placeOf(bias),
    },
    shape: [],
    workgroups: Math.ceil((rows * columns) / ADD.workgroup),
    into: sinkOf(w).gradient,
  });
  backend.disposeData(partial.dataId);
}

/** A workgroup takes one row of the masked matrix. */
const ADD_MASKED: Program = {
  name: 'add masked matrix gradient',
  inputs: ['partial', 'w', 'masks'],
  workgroup: 64,
  code: `
    var<workgroup> sums : array<f32, 64>;

    fn main(index : i32) {
      let lane = index % 64;
      let row = index / 64;
      var gate = 1.0;
      if (uniforms.gate >= 0) { gate = masks[uniforms.gate]; }
      var sum = 0.0;
      if (row < uniforms.rows) {
        for (var column = lane; column < uniforms.columns; column += 64) {
          var slope = 0.0;
          for (var slice = 0; slice < uniforms.slices; slice++) {
            slope += partial[(slice * uniforms.rows + row) * uniforms.columns + column];
          }
          sum += slope * w[uniforms.offset + row * uniforms.stride + column];
          if (uniforms.into >= 0) {
            result[uniforms.into + row * uniforms.stride + column] += slope * masks[uniforms.mask + row] * gate;
          }
        }
      }
      sums[lane] = sum;
      for (var half = 32; half > 0; half /= 2) {
        workgroupBarrier();
        if (lane < half) { sums[lane] += sums[lane + half]; }
      }
      if (lane == 0 && row < uniforms.rows) { result[uniforms.maskInto + row] += sums[0] * gate; }
    }
  `,
};

/** From partial gradients in mask ⊙ w · gate: adds those in the mask and, where `into` is not −1, those in w. */
function addMasked(backend: WebGPUBackend, partial: TensorInfo, w: Matrix, { mask, gate }: RowMask, into: number) {
  const { buffer, offset, stride, columns } = matrixAt(w);
  const rows = mask.columns;
  runProgram(backend, ADD_MASKED, {
    inputs: [partial, buffer, mask.leaf.values],
    uniforms: {
      rows,
      columns,
      slices: sizeOf(partial.shape) / (rows * columns),
      offset,
      stride,
      into,
      mask: mask.offset,
      gate: gate?.offset ?? -1,
      maskInto: placeOf(mask),
    },
    shape: [],
    workgroups: rows,
    into: sinkOf(mask).gradient,
  });
}

export function addMaskGradient(backend: WebGPUBackend, gradient: TensorInfo, w: Matrix, masked: RowMask): void {
  addMasked(backend, gradient, w, masked, -1);
}

const ADD_GATE: Program = {
  name: 'add gate gradient',
  inputs: ['masks'],
  workgroup: 64,
  code: `
    var<workgroup> sums : array<f32, 64>;

    fn main(index : i32) {
      var sum = 0.0;
      for (var row = index; row < uniforms.rows; row += 64) {
        sum += masks[uniforms.mask + row] * result[uniforms.maskInto + row];
      }
      sums[index] = sum;
      for (var half = 32; half > 0; half /= 2) {
        workgroupBarrier();
        if (index < half) { sums[index] += sums[index + half]; }
      }
      // Mask and gate scale the same product: Σ mask · ∂mask = gate · ∂gate.
      if (index == 0) { result[uniforms.gateInto] += sums[0] / masks[uniforms.gate]; }
    }
  `,
};

/** Adds the gradients of a branch in its matrix, mask and gate. */
export function addBranchGradient(
  backend: WebGPUBackend,
  operands: { readonly x: TensorInfo; readonly dy: TensorInfo; readonly activation: Activation },
  w: View,
  masked: RowMask,
): void {
  const [lines = 1] = operands.dy.shape;
  const at = { lines, after: 1 };
  const partial = partialGradients(backend, { ...operands, at, inner: w.rows, columns: w.columns, withBias: false });
  addMasked(backend, partial, w, masked, placeOf(w));
  backend.disposeData(partial.dataId);
  const { mask, gate } = masked;
  if (gate === null) return;
  runProgram(backend, ADD_GATE, {
    inputs: [mask.leaf.values],
    uniforms: {
      rows: mask.columns,
      mask: mask.offset,
      maskInto: placeOf(mask),
      gate: gate.offset,
      gateInto: placeOf(gate),
    },
    shape: [],
    workgroups: 1,
    into: sinkOf(mask).gradient,
  });
}
