/** Reads data of the user's own: the one way in. */
import * as v from 'valibot';
import { assemble } from './assemble.ts';
import { openFiles } from './files.ts';
import { fit } from './fit.ts';
import { readFormat } from './formats.ts';
import { type Around, type OwnData, OwnDataError, type OwnFile, type OwnOptions, ownOptions } from './own.ts';
import { Notes, type Reading, pacer } from './reading.ts';
import { halfOf } from './samples.ts';

/**
 * Finds out what the files are, reads them and makes them ready to train on. The same files and options give the same data.
 * @param files what was dropped or chosen: a file, several, or all of a folder; archives are opened
 * @param around the decoder of images, and who is told how far reading has come
 * @throws OwnDataError with a message for the user; the signal's reason once it is aborted
 */
export async function readOwn(files: readonly OwnFile[], options: OwnOptions, around: Around): Promise<OwnData> {
  const parsed = v.safeParse(ownOptions, options);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new OwnDataError(`the choice of ${v.getDotPath(issue) ?? 'options'} is wrong: ${issue.message}`);
  }
  const { decodeImage, progress, signal } = around;
  const notes = new Notes();
  const reading: Reading = { options: parsed.output, decodeImage, notes, pace: pacer(progress, signal) };
  signal?.throwIfAborted();
  const entries = await openFiles(files, reading);
  const samples = await fit(await readFormat(entries, reading), reading);
  const data = await assemble(nameOf(files), samples, reading);
  signal?.throwIfAborted();
  progress(1);
  return data;
}

/** The folder that was given, or the first file without its endings and without the word for its half. */
function nameOf(files: readonly OwnFile[]): string {
  const [first = ''] = files.map(({ path }) => path);
  const [folder = ''] = first.split('/');
  if (folder !== first && halfOf(folder) === null && files.every(({ path }) => path.startsWith(`${folder}/`)))
    return folder;
  const stem = first.slice(first.lastIndexOf('/') + 1).replace(/(?:\.\w{1,4}){1,2}$/, '');
  return stem.replace(/[-_. ]?(?:train|test|t10k)(?:[-_]?(?:images|labels).*)?$/i, '') || 'Your data';
}
