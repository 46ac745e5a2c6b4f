/** One kernel in its tile: the continuous one with the taps marked on it, or a channel as it is sampled. */
import { useMemo } from 'react';
import type { KernelSample } from '../engine/protocol.ts';
import { heatUrl } from './heat.ts';
import { layoutFine, layoutKernel, layoutKernelLine, layoutLattice, layoutTaps, valuesOf } from './kernels.ts';
import type { KernelValues } from './kernels.ts';
import { layoutEnvelope } from './masks.ts';

export interface KernelDrawing extends Pick<KernelSample, 'size' | 'channels' | 'fine'> {
  readonly values: KernelValues;
  /** Images alone: the continuous kernel, and all channels side by side, since one picture is encoded faster than six. */
  readonly fineUrl: string;
  readonly url: string;
}

/** What is costly about a sample, made once. */
export function useKernelDrawing(sample: KernelSample | undefined): KernelDrawing | null {
  return useMemo(() => {
    if (sample === undefined) return null;
    const { size, channels, fine } = sample;
    const values = valuesOf(sample);
    const [rows = 1, columns] = size;
    if (columns === undefined) return { size, channels, fine, values, fineUrl: '', url: '' };
    const strip = Array.from({ length: rows * columns * channels }, (_, i) => {
      const [row, x] = [Math.floor(i / (columns * channels)), i % (columns * channels)];
      return values.channels[Math.floor(x / columns)]?.[row * columns + (x % columns)] ?? 0;
    });
    return {
      size,
      channels,
      fine,
      values,
      fineUrl: heatUrl(values.fine, fine.size[0] ?? 1, fine.size[1] ?? 1),
      url: heatUrl(strip, rows, columns * channels),
    };
  }, [sample]);
}

interface Props {
  readonly drawing: KernelDrawing;
  /** The sampled channel; -1 for the continuous kernel. */
  readonly channel: number;
  /** Taps an axis; on their way to the next size they are real-valued. */
  readonly size: readonly number[];
  /** Real-valued taps that the mask leaves. */
  readonly mask: readonly number[];
  readonly extent: number;
  readonly width: number;
  readonly height: number;
}

export function KernelTile(props: Props) {
  return props.size.length === 1 ? <SequenceTile {...props} /> : <ImageTile {...props} />;
}

function SequenceTile({ drawing, channel, size, mask, extent, width, height }: Props) {
  const box = layoutKernel(size, extent, width, height);
  const taps = drawing.values.channels[Math.max(0, channel)] ?? [];
  return (
    <>
      <rect className="kernel-room" {...box} />
      <line className="zero" x1={0} x2={width} y1={height / 2} y2={height / 2} />
      {layoutEnvelope(mask[0] ?? 1, extent, width, height).map((path, i) => (
        <path key={i} className="contour" d={path} />
      ))}
      {channel < 0 ? (
        <>
          <path className="kernel-line" d={layoutKernelLine(drawing.values.fine, layoutFine(drawing, box), true)} />
          <path className="taps" d={layoutTaps(taps, box)} />
        </>
      ) : (
        <path className="kernel-line" d={layoutKernelLine(taps, box)} />
      )}
    </>
  );
}

function ImageTile({ drawing, channel, size, mask, extent, width, height }: Props) {
  const box = layoutKernel(size, extent, width, height);
  const [tall = 1, wide = 1] = mask;
  return (
    <>
      <rect className="kernel-room" {...box} />
      {channel < 0 ? (
        <>
          <image className="smooth" href={drawing.fineUrl} preserveAspectRatio="none" {...layoutFine(drawing, box)} />
          <path className="taps" d={layoutLattice(drawing.size, box)} />
        </>
      ) : (
        <svg {...box} viewBox={`${channel} 0 1 1`} preserveAspectRatio="none">
          <image href={drawing.url} width={drawing.channels} height={1} preserveAspectRatio="none" />
        </svg>
      )}
      <ellipse
        className="contour"
        cx={width / 2}
        cy={height / 2}
        rx={((wide / extent) * width) / 2}
        ry={((tall / extent) * height) / 2}
      />
    </>
  );
}
