/**
 * Matrix products along an axis: an invocation works out a block of 8 lines by 4 columns from registers.
 *
 * The matrices of this network are small in two of their three extents and lie in cache; what they are multiplied with comes
 * from memory once. So what happens to a value before or after the product is done here on its way.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { PlainBranchViews } from '../branch.ts';
import { GELU_SLOPE } from '../gelu.ts';
import type { Activation, Lines, Matrix, RowMask } from '../programs.ts';
import type { View } from '../leaf.ts';
import { runProgram, sizeOf, type Program } from './program.ts';
import { matrixAt } from './views.ts';

/** What a variant does besides the product. */
interface Variant {
  readonly name: string;
  /** Entry k of a line is gelu of it. */
  readonly gelu?: true;
  /** A sample's factors for the entries: before the product with `gelu`, after it with `slope`. */
  readonly dropout?: true;
  /**
   * Row k of the matrix (`inner`), or column o of the result (`outer`), times its mask and the gate; `either` is `outer` where the
   * matrix is transposed, so that one pipeline serves a product and its gradient.
   */
  readonly masked?: 'inner' | 'outer' | 'either';
  readonly shortcut?: true;
  /** The result times gelu's slope at `pre`. */
  readonly slope?: true;
}

/** Lines of an invocation. */
const LINES = 8;

const each = (code: (line: number) => string): string =>
  Array.from({ length: LINES }, (_, line) => code(line)).join('\n');

function programOf({ name, gelu, dropout, masked, shortcut, slope }: Variant): Program {
  const inputs = ['x', 'w'];
  if (masked !== undefined) inputs.push('masks');
  if (shortcut === true) inputs.push('shortcut');
  if (slope === true) inputs.push('pre');
  if (dropout === true) inputs.push('dropped');
  const maskOf = (side: 'inner' | 'outer', index: string): string => {
    if (masked === side) return `masks[uniforms.mask + ${index}] * gate`;
    return masked === 'either' ? `maskAt(${index}, gate, uniforms.transposed == ${side === 'outer' ? 1 : 0})` : '1.0';
  };
  const outer = masked === 'outer' || masked === 'either';
  const kept = (width: string, entry: string): string =>
    `dropped[line / uniforms.points * uniforms.${width} + ${entry}]`;
  const after = [
    outer ? `value *= ${maskOf('outer', 'column')};` : '',
    slope === true
      ? `let z = pre[line * uniforms.columns + column];
         let s = 1.0 / (1.0 + exp(-${GELU_SLOPE} * z));
         value *= s + ${GELU_SLOPE} * z * s * (1.0 - s);`
      : '',
    slope === true && dropout === true ? `value *= ${kept('columns', 'column')};` : '',
    shortcut === true
      ? `if (column < uniforms.shortcutColumns) { value += shortcut[line * uniforms.shortcutColumns + column]; }`
      : '',
  ];
  return {
    name: `product ${name}`,
    inputs,
    workgroup: 64,
    code: `
      fn valueAt(place : i32, line : i32, k : i32) -> f32 {
        var value = x[place + k * uniforms.after];
        ${gelu === true ? `value = value / (1.0 + exp(-${GELU_SLOPE} * value));` : ''}
        ${gelu === true && dropout === true ? `value *= ${kept('inner', 'k')};` : ''}
        return value;
      }

      ${
        masked === 'either'
          ? `fn maskAt(i : i32, gate : f32, here : bool) -> f32 {
               if (!here) { return 1.0; }
               return masks[uniforms.mask + i] * gate;
             }`
          : ''
      }

      // Where line begins; beyond the last one, the last one's values are read and never written.
      fn placeOf(line : i32, entries : i32) -> i32 {
        let real = min(line, uniforms.lines - 1);
        return real / uniforms.after * entries * uniforms.after + real % uniforms.after;
      }

      fn main(index : i32) {
        let groups = (uniforms.columns + 3) / 4;
        let blocks = (uniforms.lines + ${LINES - 1}) / ${LINES};
        if (index >= groups * blocks) { return; }
        // Neighbouring invocations read neighbouring memory: along the lines where these lie side by side, else along the columns.
        var column = index % groups * 4;
        var first = index / groups * ${LINES};
        var next = 1;
        if (uniforms.after > 1) {
          column = index / blocks * 4;
          first = index % blocks;
          next = blocks;
        }
        ${masked === undefined ? '' : 'var gate = 1.0; if (uniforms.gate >= 0) { gate = masks[uniforms.gate]; }'}
        let last = uniforms.columns - 1;
        let b0 = uniforms.offset + column * uniforms.strideOuter;
        let b1 = uniforms.offset + min(column + 1, last) * uniforms.strideOuter;
        let b2 = uniforms.offset + min(column + 2, last) * uniforms.strideOuter;
        let b3 = uniforms.offset + min(column + 3, last) * uniforms.strideOuter;
        ${each((i) => `let line${i} = first + ${i} * next; let place${i} = placeOf(line${i}, uniforms.inner); var sum${i} = vec4<f32>(0.0);`)}
        for (var k = 0; k < uniforms.inner; k++) {
          let down = k * uniforms.strideInner;
          let row = vec4<f32>(w[b0 + down], w[b1 + down], w[b2 + down], w[b3 + down])${masked === undefined || masked === 'outer' ? '' : ` * (${maskOf('inner', 'k')})`};
          ${each((i) => `sum${i} += valueAt(place${i}, line${i}, k) * row;`)}
        }
        ${each((i) => `finish(line${i}, column, sum${i}${outer ? ', gate' : ''});`)}
      }

      fn finish(line : i32, begin : i32, values : vec4<f32>${outer ? ', gate : f32' : ''}) {
        if (line >= uniforms.lines) { return; }
        let place = placeOf(line, uniforms.columns);
        let bias = uniforms.bias + line % uniforms.biasLines * uniforms.columns;
        for (var i = 0; i < min(4, uniforms.columns - begin); i++) {
          let column = begin + i;
          var value = values[i];
          if (uniforms.bias >= 0) { value += w[bias + column]; }
          ${after.join('\n')}
          result[place + column * uniforms.after] = value;
        }
      }
    `,
  };
}

const PLAIN = programOf({ name: 'plain' });
const MASKED = programOf({ name: 'masked', masked: 'either' });
const BRANCH = programOf({ name: 'branch', gelu: true, masked: 'inner', shortcut: true });
const DROPPED_BRANCH = programOf({
  name: 'branch with dropout',
  gelu: true,
  masked: 'inner',
  shortcut: true,
  dropout: true,
});
const PLAIN_BRANCH = programOf({ name: 'plain branch', gelu: true, shortcut: true });
const BRANCH_GRADIENT = programOf({ name: 'branch gradient', masked: 'outer', slope: true });
const DROPPED_BRANCH_GRADIENT = programOf({
  name: 'branch gradient with dropout',
  masked: 'outer',
  slope: true,
  dropout: true,
});

interface Operands {
  readonly x: TensorInfo;
  readonly at: Lines;
  readonly w: Matrix;
  /** Whether the product is with the matrix's transpose. */
  readonly transposed: boolean;
  readonly bias?: View | null;
  readonly masked?: RowMask | undefined;
  readonly inputs?: readonly TensorInfo[];
  /** Columns of the shortcut, and lines of a sample that dropout holds for. */
  readonly shortcutColumns?: number;
  readonly points?: number;
}

function run(backend: WebGPUBackend, program: Program, operands: Operands): TensorInfo {
  const { x, at, w, transposed, bias, masked, inputs = [], shortcutColumns = 0, points = 1 } = operands;
  const { buffer, offset, stride, columns: wide } = matrixAt(w);
  const inner = sizeOf(x.shape) / at.lines;
  const columns = transposed ? rowsOf(w) : wide;
  const invocations = Math.ceil(columns / 4) * Math.ceil(at.lines / LINES);
  return runProgram(backend, program, {
    inputs: [x, buffer, ...(masked === undefined ? [] : [masked.mask.leaf.values]), ...inputs],
    uniforms: {
      lines: at.lines,
      after: at.after,
      inner,
      columns,
      offset,
      strideInner: transposed ? 1 : stride,
      strideOuter: transposed ? stride : 1,
      bias: bias?.offset ?? -1,
      biasLines: bias?.rows ?? 1,
      mask: masked?.mask.offset ?? 0,
      gate: masked?.gate?.offset ?? -1,
      shortcutColumns,
      points,
      transposed: transposed ? 1 : 0,
    },
    shape: [at.lines, columns],
    workgroups: Math.ceil(invocations / program.workgroup),
  });
}

function rowsOf(w: Matrix): number {
  return 'leaf' in w ? w.rows : w.shape[0];
}

/** x·w + bias along an axis; `bias` is in the leaf of w, and its rows are added to one line each, over and over. */
export function product(
  backend: WebGPUBackend,
  x: TensorInfo,
  at: Lines,
  w: Matrix,
  { bias, masked }: { readonly bias?: View | null; readonly masked?: RowMask } = {},
): TensorInfo {
  const program = masked === undefined ? PLAIN : MASKED;
  return run(backend, program, { x, at, w, transposed: false, bias: bias ?? null, masked });
}

export function productGradient(
  backend: WebGPUBackend,
  dy: TensorInfo,
  at: Lines,
  w: Matrix,
  masked?: RowMask,
): TensorInfo {
  const program = masked === undefined ? PLAIN : MASKED;
  return run(backend, program, { x: dy, at, w, transposed: true, masked });
}

/** shortcut + (gelu(pre) ⊙ dropout)·(mask ⊙ w)·gate, `[lines, inner]` → `[lines, outer]`. */
export function branch(
  backend: WebGPUBackend,
  pre: TensorInfo,
  { dropout }: Activation,
  w: View,
  masked: RowMask,
  shortcut: TensorInfo,
): TensorInfo {
  const [lines = 1, shortcutColumns = 0] = shortcut.shape;
  const drops = dropout === null ? [] : [dropout];
  return run(backend, dropout === null ? BRANCH : DROPPED_BRANCH, {
    x: pre,
    at: { lines, after: 1 },
    w,
    transposed: false,
    masked,
    inputs: [shortcut, ...drops],
    shortcutColumns,
    points: lines / (dropout?.shape[0] ?? lines),
  });
}

export function plainBranch(
  backend: WebGPUBackend,
  x: TensorInfo,
  shortcut: TensorInfo,
  { mix1, bias, mix2 }: PlainBranchViews,
): TensorInfo {
  const [lines = 1, shortcutColumns = 0] = shortcut.shape;
  const at = { lines, after: 1 };
  const pre = product(backend, x, at, mix1, { bias });
  const operands = { x: pre, at, w: mix2, transposed: false, inputs: [shortcut], shortcutColumns };
  const y = run(backend, PLAIN_BRANCH, operands);
  backend.disposeData(pre.dataId);
  return y;
}

/** The branch's gradient in `pre`. */
export function branchGradient(
  backend: WebGPUBackend,
  pre: TensorInfo,
  { dropout }: Activation,
  w: View,
  masked: RowMask,
  dy: TensorInfo,
): TensorInfo {
  const [lines = 1] = dy.shape;
  const drops = dropout === null ? [] : [dropout];
  return run(backend, dropout === null ? BRANCH_GRADIENT : DROPPED_BRANCH_GRADIENT, {
    x: dy,
    at: { lines, after: 1 },
    w,
    transposed: true,
    masked,
    inputs: [pre, ...drops],
    points: lines / (dropout?.shape[0] ?? lines),
  });
}
