/** The part of gifenc that is used; the package has no types. */
declare module 'gifenc' {
  type Palette = readonly (readonly number[])[];
  interface Frame {
    readonly palette: Palette;
    /** Milliseconds. */
    readonly delay: number;
  }
  export function quantize(rgba: Uint8ClampedArray, colours: number): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array;
  export function GIFEncoder(): {
    writeFrame(indices: Uint8Array, width: number, height: number, frame: Frame): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
}
