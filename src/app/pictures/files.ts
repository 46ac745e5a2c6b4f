/** Pictures as files: drawn on a canvas, and handed to the person. */
import type { Picture } from './compose.ts';

/** Pixels of a PNG for each pixel of the page. */
const SCALE = 2;

/** Draws a picture from the top left of the canvas. */
export async function drawPicture(
  { svg, width, height }: Picture,
  context: CanvasRenderingContext2D,
  scale: number,
): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    context.drawImage(image, 0, 0, width * scale, height * scale);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function openCanvas(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser gives no canvas to draw on');
  return context;
}

export async function toPng(picture: Picture): Promise<Blob> {
  const context = openCanvas(picture.width * SCALE, picture.height * SCALE);
  await drawPicture(picture, context, SCALE);
  return new Promise((resolve, reject) => {
    context.canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the browser could not write the PNG')) : resolve(blob)),
      'image/png',
    );
  });
}

export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
