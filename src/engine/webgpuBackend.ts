/** TF.js's WebGPU backend with those of its kernels that this network uses, and ours: in a piece that nothing else loads. */
import { addConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Add';
import { addNConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/AddN';
import { argMaxConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/ArgMax';
import { batchMatMulConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/BatchMatMul';
import { castConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Cast';
import { concatConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Concat';
import { cosConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Cos';
import { depthwiseConv2dNativeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/DepthwiseConv2dNative';
import { equalConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Equal';
import { expConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Exp';
import { expandDimsConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/ExpandDims';
import { fillConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Fill';
import { gatherV2Config } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/GatherV2';
import { identityConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Identity';
import { logConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Log';
import { maxConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Max';
import { maximumConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Maximum';
import { minimumConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Minimum';
import { multiplyConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Multiply';
import { negConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Neg';
import { oneHotConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/OneHot';
import { onesLikeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/OnesLike';
import { packConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Pack';
import { padV2Config } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/PadV2';
import { realDivConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/RealDiv';
import { reshapeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Reshape';
import { reverseConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Reverse';
import { rsqrtConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Rsqrt';
import { sigmoidConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sigmoid';
import { sinConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sin';
import { sliceConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Slice';
import { softmaxConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Softmax';
import { splitVConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/SplitV';
import { sqrtConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sqrt';
import { squareConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Square';
import { subConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sub';
import { sumConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sum';
import { tileConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Tile';
import { transposeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Transpose';
import { unpackConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Unpack';
import { zerosLikeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/ZerosLike';
import { registerUsed } from './usedKernels.ts';

export { boundPool } from '../kernels/webgpu/pool.ts';
export { installWebgpuKernels } from '../kernels/webgpu/register.ts';
export { uploadByQueue } from '../kernels/webgpu/uploads.ts';
export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base';

registerUsed('webgpu', [
  addConfig,
  addNConfig,
  argMaxConfig,
  batchMatMulConfig,
  castConfig,
  concatConfig,
  cosConfig,
  depthwiseConv2dNativeConfig,
  equalConfig,
  expConfig,
  expandDimsConfig,
  fillConfig,
  gatherV2Config,
  identityConfig,
  logConfig,
  maxConfig,
  maximumConfig,
  minimumConfig,
  multiplyConfig,
  negConfig,
  oneHotConfig,
  onesLikeConfig,
  packConfig,
  padV2Config,
  realDivConfig,
  reshapeConfig,
  reverseConfig,
  rsqrtConfig,
  sigmoidConfig,
  sinConfig,
  sliceConfig,
  softmaxConfig,
  splitVConfig,
  sqrtConfig,
  squareConfig,
  subConfig,
  sumConfig,
  tileConfig,
  transposeConfig,
  unpackConfig,
  zerosLikeConfig,
]);
