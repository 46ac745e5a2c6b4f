/** One kernel in its tile: the continuous one with the taps marked on it, or a channel as it is sampled. */
import { memo, useMemo } from 'react';
import type { KernelSample } from '../engine/protocol.ts';
import { heatOf, heatUrl } from './heat.ts';
import {
  dotOf,
  intoBox,
  layoutFine,
  layoutKernel,
  layoutKernelLine,
  layoutLattice,
  layoutTaps,
  scaleOf,
  showsTaps,
  valuesOf,
} from './kernels.ts';
import { ENVELOPE, sigmaOfTaps } from './masks.ts';

export interface KernelDrawing extends Pick<KernelSample, 'size' | 'channels' | 'fine'> {
  /** The continuous kernel: a path for sequences, the address of a picture for images. */
  readonly continuous: string;
  /** The channels as sampled: a path each for sequences, for images all side by side in one picture. */
  readonly sampled: readonly string[];
  /** The taps of a sequence's first channel. */
  readonly taps: string;
}

/** What is costly about a sample, made once. */
export function useKernelDrawing(sample: KernelSample | undefined): KernelDrawing | null {
  return useMemo(() => (sample === undefined ? null : drawKernel(sample)), [sample]);
}

function drawKernel(sample: KernelSample): KernelDrawing {
  const { size, channels, fine } = sample;
  const [rows = 1, columns] = size;
  if (columns === undefined) {
    const values = valuesOf(sample);
    return {
      size,
      channels,
      fine,
      continuous: layoutKernelLine(values.fine, 1 / (rows * fine.fineness)),
      sampled: values.channels.map((channel) => layoutKernelLine(channel)),
      taps: layoutTaps(values.channels[0] ?? []),
    };
  }
  const scale = scaleOf(sample);
  const strip = new Uint8Array(sample.values.length);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let column = 0; column < columns; column++) {
        strip[at++] = heatOf(scale * (sample.values[(row * columns + column) * channels + channel] ?? 0));
      }
    }
  }
  const dense = new Uint8Array(fine.values.length);
  for (let i = 0; i < dense.length; i++) dense[i] = heatOf(scale * (fine.values[i] ?? 0));
  return {
    size,
    channels,
    fine,
    continuous: heatUrl(dense, fine.size[0] ?? 1, fine.size[1] ?? 1),
    sampled: [heatUrl(strip, rows, columns * channels)],
    taps: '',
  };
}

interface Props {
  readonly drawing: KernelDrawing;
  /** The sampled channel; -1 for the continuous kernel. */
  readonly channel: number;
  /** Taps an axis; on their way to the next size they are real-valued. A sequence has no second axis. */
  readonly tall: number;
  readonly wide: number | null;
  /** Real-valued taps that the mask leaves. */
  readonly maskTall: number;
  readonly maskWide: number;
  readonly extent: number;
  readonly width: number;
  readonly height: number;
}

export const KernelTile = memo(function KernelTile(props: Props) {
  return props.wide === null ? <SequenceTile {...props} /> : <ImageTile {...props} wide={props.wide} />;
});

function SequenceTile({ drawing, channel, tall, maskTall, extent, width, height }: Props) {
  const box = layoutKernel([tall], extent, width, height);
  const place = intoBox(box);
  const sigma = (sigmaOfTaps(maskTall) / extent) * width;
  // A nested drawing crops an envelope that reaches over the tile.
  return (
    <svg className="mask" width={width} height={height}>
      <rect className="kernel-room" {...box} />
      <line className="zero" x1={0} x2={width} y1={height / 2} y2={height / 2} />
      <path
        className="contour"
        transform={`translate(${width / 2} ${height / 2}) scale(${sigma.toFixed(2)} ${height / 2})`}
        d={ENVELOPE}
      />
      <path
        className="kernel-line"
        transform={place}
        d={channel < 0 ? drawing.continuous : (drawing.sampled[channel] ?? '')}
      />
      {channel < 0 && showsTaps(tall, box) && (
        <path className="taps" strokeWidth={dotOf([tall], box) + 1.4} transform={place} d={drawing.taps} />
      )}
    </svg>
  );
}

function ImageTile(props: Props & { readonly wide: number }) {
  const { drawing, channel, tall, wide, maskTall, maskWide, extent, width, height } = props;
  const box = layoutKernel([tall, wide], extent, width, height);
  return (
    <>
      <rect className="kernel-room" {...box} />
      {channel < 0 ? (
        <>
          <image
            className="smooth"
            href={drawing.continuous}
            preserveAspectRatio="none"
            {...layoutFine(drawing, box)}
          />
          <path className="taps" strokeWidth={dotOf(drawing.size, box)} d={layoutLattice(drawing.size, box)} />
        </>
      ) : (
        <svg {...box} viewBox={`${channel} 0 1 1`} preserveAspectRatio="none">
          <image href={drawing.sampled[0]} width={drawing.channels} height={1} preserveAspectRatio="none" />
        </svg>
      )}
      <ellipse
        className="contour"
        cx={width / 2}
        cy={height / 2}
        rx={((maskWide / extent) * width) / 2}
        ry={((maskTall / extent) * height) / 2}
      />
    </>
  );
}
