/** An image file, or what a camera sees, as the pixels of a small grid. */

/**
 * Cut about its centre to the grid's shape, `[height, width, 4]`. Rejects where it is no image.
 * @param mirrored whether left and right change places, as in a mirror
 */
export async function pixelsOf(
  source: Blob | HTMLVideoElement,
  grid: readonly number[],
  mirrored = false,
): Promise<Uint8ClampedArray> {
  const [height = 1, width = 1] = grid;
  const whole = await createImageBitmap(source);
  const scale = Math.min(whole.width / width, whole.height / height);
  const [wide, tall] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const [left, top] = [Math.round((whole.width - wide) / 2), Math.round((whole.height - tall) / 2)];
  // A canvas averages too few pixels where it shrinks a lot.
  const small = await createImageBitmap(whole, left, top, wide, tall, {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: 'high',
  });
  whole.close();
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('the browser gives no canvas');
  if (mirrored) context.setTransform(-1, 0, 0, 1, width, 0);
  context.drawImage(small, 0, 0);
  small.close();
  return context.getImageData(0, 0, width, height).data;
}
