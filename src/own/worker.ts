/** Reads own data beside the page, holds what was read, and keeps it once it is wanted. */
import { readMade } from './made.ts';
import { type Around, type DecodeImage, type OwnData, OwnDataError, type OwnOptions } from './own.ts';
import { previewOf } from './preview.ts';
import type { FromReader, Given, ToReader } from './protocol.ts';
import { readOwn } from './readOwn.ts';
import { OwnStore } from './store.ts';

let read: OwnData | null = null;

const post = (message: FromReader): void => self.postMessage(message);

const decodeImage: DecodeImage = async (bytes) => {
  const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('the browser gives no canvas');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
};

const around: Around = { decodeImage, progress: (part) => post({ type: 'progress', part }) };

function dataOf(given: Given, options: OwnOptions): Promise<OwnData> {
  switch (given.type) {
    case 'files': {
      const files = given.files.map(({ path, file }) => ({ path, size: file.size, bytes: () => file.arrayBuffer() }));
      return readOwn(files, options, around);
    }
    case 'made':
      return readMade(given.made, options, around);
  }
}

async function answer(message: ToReader): Promise<FromReader> {
  switch (message.type) {
    case 'read': {
      // What was read before stays where these cannot be.
      const data = await dataOf(message.given, message.options);
      read = data;
      return { type: 'read', preview: previewOf(data) };
    }
    case 'keep': {
      if (read === null) throw new OwnDataError('nothing has been read yet; give some files');
      const { name, classes, thumbnail } = message;
      return { type: 'kept', entry: await new OwnStore().add({ ...read, name, classes }, thumbnail) };
    }
  }
}

self.onmessage = async ({ data }: MessageEvent<ToReader>) => {
  try {
    post(await answer(data));
  } catch (error) {
    post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};
