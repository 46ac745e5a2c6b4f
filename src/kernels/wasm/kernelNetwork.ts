/** The kernel network with its masks, and its gradients. */
import type { KernelViews, Programs } from '../programs.ts';
import { offsetOf, withScratch, type Own } from './module.ts';
import { CHUNK, placeOf, sinkPlaceOf, toTensor, vectored } from './views.ts';

/** What both directions are told, in the module's order. */
function common(own: Own, views: KernelViews): number[] {
  const { generator, output, outputBias, hidden, filters, masks, reach, amplitude, channels } = views;
  const { d, down, across } = planeOf(views);
  const [reachAcross = 1, reachDown = 1] = reach.toReversed();
  const [maskAcross, maskDown] = masks.toReversed();
  return [
    placeOf(own, generator),
    placeOf(own, output),
    output.stride,
    placeOf(own, outputBias),
    d,
    hidden,
    filters,
    down,
    across,
    reachDown,
    reachAcross,
    placeOf(own, maskDown),
    placeOf(own, maskAcross),
    amplitude,
    channels,
  ];
}

function planeOf({ taps }: KernelViews): { d: number; down: number; across: number; count: number } {
  const [across = 1, down = 1] = taps.toReversed();
  return { d: taps.length, down, across, count: down * across };
}

export function kernelPrograms(own: Own): Pick<Programs, 'kernel' | 'addKernelGradient'> {
  const { backend, exports } = own;
  return {
    kernel: (views) => {
      const { hidden, filters, channels } = views;
      const { count } = planeOf(views);
      const y = backend.makeOutput([count, channels], 'float32');
      withScratch(own, (count + channels + 4) * (hidden + 1) + 6 * filters * hidden, (scratch) =>
        exports.kernel(...common(own, views), offsetOf(own, y), scratch),
      );
      return toTensor(y);
    },
    addKernelGradient: (views, dy) => {
      const { generator, output, outputBias, hidden, filters, channels, masks } = views;
      const [maskAcross, maskDown] = masks.toReversed();
      const { count } = planeOf(views);
      const width = hidden + 1;
      const tap = 6 * filters * hidden + 2 * hidden;
      const entries = 2 * count * width + tap + width * channels + vectored(width, channels) + 4 * CHUNK;
      withScratch(own, entries, (scratch) =>
        exports.addKernelGradient(
          ...common(own, views),
          offsetOf(own, dy),
          sinkPlaceOf(own, generator),
          sinkPlaceOf(own, output),
          sinkPlaceOf(own, outputBias),
          sinkPlaceOf(own, maskDown),
          sinkPlaceOf(own, maskAcross),
          scratch,
        ),
      );
    },
  };
}
