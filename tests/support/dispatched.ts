/** Counts the multiply–accumulates that the cpu backend is really asked for. */
import { getKernel, registerKernel, unregisterKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from './numbers.ts';

/** Every kernel of the backend that multiplies and accumulates, besides the two that are counted. */
const OTHERS = ['_FusedMatMul', 'Conv2D', 'FusedConv2D', 'FusedDepthwiseConv2D', 'Einsum', 'Sum', 'Mean', 'Prod'];

export interface Dispatched {
  readonly macs: number;
  /** Products of one row of ones: sums over rows, which are no part of the cost as other sums are not. */
  readonly reductions: number;
}

type Input = Record<string, TensorInfo>;

export async function countDispatched(work: () => Promise<void>): Promise<Dispatched> {
  let macs = 0;
  let reductions = 0;
  const restores = [
    intercept('BatchMatMul', (inputs, output, attributes) => {
      const shape = inputs['a']?.shape ?? [];
      const [rows = 1, columns = 1] = shape.slice(-2);
      const [outside, inside] = attributes['transposeA'] === true ? [columns, rows] : [rows, columns];
      if (outside === 1) reductions += sizeOf(output.shape) * inside;
      else macs += sizeOf(output.shape) * inside;
    }),
    intercept('DepthwiseConv2dNative', (inputs, output) => {
      const [height = 1, width = 1] = inputs['filter']?.shape ?? [];
      macs += sizeOf(output.shape) * height * width;
    }),
    ...OTHERS.map((name) =>
      intercept(name, () => {
        throw new Error(`${name} was dispatched, but is not counted.`);
      }),
    ),
  ];
  try {
    await work();
  } finally {
    for (const restore of restores) restore();
  }
  return { macs, reductions };
}

function intercept(
  kernelName: string,
  see: (inputs: Input, output: TensorInfo, attributes: Record<string, unknown>) => void,
): () => void {
  const kernel = getKernel(kernelName, 'cpu') as ReturnType<typeof getKernel> | undefined;
  if (kernel === undefined) return () => undefined;
  unregisterKernel(kernelName, 'cpu');
  registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      const output = kernel.kernelFunc(call);
      see(call.inputs as Input, (Array.isArray(output) ? output[0] : output)!, { ...call.attrs });
      return output;
    },
  });
  return () => {
    unregisterKernel(kernelName, 'cpu');
    registerKernel(kernel);
  };
}
