/** What a recording is written with: WebM where the browser encodes video, else GIF. */

export interface Encoder {
  readonly extension: 'webm' | 'gif';
  /** Part of the frames' size that this format can bear. */
  readonly scale: number;
  /** Every so many frames are written. */
  readonly every: number;
  /** Takes the canvas as the next frame, shown for so many seconds. */
  readonly add: (seconds: number) => Promise<void>;
  readonly finish: () => Promise<Blob>;
  readonly cancel: () => Promise<void>;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
