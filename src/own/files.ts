/** From what the user gave to files that can be parsed: archives opened, paths made safe, sizes checked. */
import { unpackTar } from 'modern-tar';
import { MOST_BYTES, Unpacked, bytesInWords } from './limits.ts';
import { OwnDataError, type OwnFile } from './own.ts';
import { type Entry, type Reading, firstFew } from './reading.ts';
import { type ZipEntry, isZip, joined, readZip } from './zip.ts';

/** What systems leave beside the data: not worth a word. */
const HIDDEN = /(?:^|\/)(?:__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/i;
const ARCHIVE = /\.(?:zip|npz|tar|tgz|gz)$/i;

/**
 * The files to parse, archives opened: `.zip`, `.npz`, `.gz` (also inside those two), `.tar`, `.tar.gz`.
 * What an archive holds gets the archive's name as its first folder.
 * @throws OwnDataError where all files together are too large, one cannot be read or an archive is damaged
 */
export async function openFiles(files: readonly OwnFile[], { notes, pace }: Reading): Promise<readonly Entry[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_BYTES) {
    const sizes = `the files have ${bytesInWords(total)}, over ${bytesInWords(MOST_BYTES)}`;
    throw new OwnDataError(`${sizes}; give fewer samples, or smaller images`);
  }
  const unpacked = new Unpacked();
  const unsafe: string[] = [];
  const entries: Entry[] = [];
  for (const file of files) {
    const opened = ARCHIVE.test(file.path) ? await openArchive(file, unpacked, pace) : [plain(file)];
    for (const entry of opened) {
      const path = safePath(entry.path);
      if (path === null) unsafe.push(`${entry.path} leads out of its folder`);
      else if (!HIDDEN.test(path)) entries.push({ ...entry, path });
    }
  }
  if (unsafe.length > 0) notes.add(`Left out: ${firstFew(unsafe)}.`);
  return entries;
}

/** With `/` alone and without `./`; null where it is absolute or goes up. */
function safePath(path: string): string | null {
  const parts = path.replaceAll('\\', '/').split('/');
  if (parts[0] === '' || /^[A-Za-z]:$/.test(parts[0] ?? '') || parts.includes('..')) return null;
  return parts.filter((part) => part !== '' && part !== '.').join('/') || null;
}

function plain(file: OwnFile): Entry {
  return { path: file.path, bytes: () => bytesOf(file) };
}

async function bytesOf(file: OwnFile): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.bytes());
  } catch (cause) {
    throw new OwnDataError(`${file.path} could not be read; is it still there? Give it again`, { cause });
  }
}

async function openArchive(file: OwnFile, unpacked: Unpacked, pace: Reading['pace']): Promise<readonly Entry[]> {
  const bytes = await bytesOf(file);
  const stem = file.path.replace(ARCHIVE, '');
  if (isZip(bytes) || /\.(?:zip|npz)$/i.test(file.path)) {
    return readZip(file.path, bytes).map((entry) => zipped(stem, entry, unpacked, pace));
  }
  if (/\.tar$/i.test(file.path)) return openTar(file.path, stem, bytes);
  const isTar = /\.(?:tgz|tar\.gz)$/i.test(file.path);
  const content = await gunzip(file.path, bytes, unpacked);
  if (isTar) return openTar(file.path, stem.replace(/\.tar$/i, ''), content);
  return [{ path: stem, bytes: () => Promise.resolve(content) }];
}

/** Unpacked each time that it is read, so that it need not be kept, but counted once. */
function zipped(stem: string, { path, unpack }: ZipEntry, unpacked: Unpacked, pace: Reading['pace']): Entry {
  let counted = false;
  const bytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const counter = counted ? new Unpacked() : unpacked;
    const content = await unpack(counter, pace);
    const plain = isGzipped ? await gunzip(path, content, counter) : content;
    counted = true;
    return plain;
  };
  const isGzipped = /\.gz$/i.test(path);
  return { path: below(stem, isGzipped ? path.slice(0, -'.gz'.length) : path), bytes };
}

/** A path inside an archive, below the archive's name, once; one that is not safe stays as it is, to be found so. */
function below(stem: string, path: string): string {
  const folder = stem.slice(stem.lastIndexOf('/') + 1);
  return safePath(path) === null || path.startsWith(`${folder}/`) ? path : `${stem}/${path}`;
}

async function openTar(file: string, stem: string, bytes: Uint8Array<ArrayBuffer>): Promise<readonly Entry[]> {
  try {
    const entries = await unpackTar(bytes, { strict: true });
    return entries.flatMap(({ header, data }) =>
      header.type === 'file' && data !== undefined
        ? [{ path: below(stem, header.name), bytes: () => Promise.resolve(data) }]
        : [],
    );
  } catch (cause) {
    throw new OwnDataError(`${file} is cut short or no tar archive; copy or download it again`, { cause });
  }
}

async function gunzip(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  unpacked: Unpacked,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      total += value.length;
      unpacked.add(value.length, file, total, bytes.length);
    }
  } catch (cause) {
    if (cause instanceof OwnDataError) throw cause;
    throw new OwnDataError(`${file} is cut short or not gzipped; copy or download it again`, { cause });
  }
  return joined(chunks, total);
}
