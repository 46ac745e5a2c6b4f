/** Video as WebM, encoded by the browser. */
import { BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Output, Quality, WebMOutputFormat } from 'mediabunny';
import type { Encoder, Size } from './encoder.ts';

/** Longer than this, a frame is written again: players do not all keep the last one as long as it says. */
const LONGEST = 0.25;

/** Null where this browser has no codec for it. */
export async function openWebm(canvas: HTMLCanvasElement, { width, height }: Size): Promise<Encoder | null> {
  if (typeof VideoEncoder === 'undefined') return null;
  const codec = await getFirstEncodableVideoCodec(['vp9', 'vp8'], { width, height });
  if (codec === null) return null;
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new CanvasSource(canvas, { codec, quality: new Quality('high') });
  output.addVideoTrack(source);
  await output.start();
  let time = 0;
  return {
    extension: 'webm',
    scale: 1,
    every: 1,
    add: async (seconds) => {
      const parts = Math.ceil(seconds / LONGEST);
      for (let part = 0; part < parts; part++) {
        await source.add(time, seconds / parts);
        time += seconds / parts;
      }
    },
    finish: async () => {
      await output.finalize();
      if (target.buffer === null) throw new Error('the video came out empty');
      return new Blob([target.buffer], { type: 'video/webm' });
    },
    cancel: () => output.cancel(),
  };
}
