/** Text in pieces that end at a line's end, so that long files are never one string. */
import type { Entry, Reading } from './reading.ts';

const PIECE_BYTES = 1 << 18;

/**
 * The text of a file as pieces of whole lines, of about 256 KiB each; UTF-8, with or without a mark at its start.
 * @param quoted whether a line's end between double quotes is none
 */
export async function* pieces(entry: Entry, { pace }: Reading, quoted = false): AsyncGenerator<string> {
  const bytes = await entry.bytes();
  const decoder = new TextDecoder();
  let rest = '';
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const text = rest + decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    await pace((0.8 * at) / bytes.length);
    const end = text.lastIndexOf('\n') + 1;
    // An odd number of quotes says that the last line's end lies within a field.
    if (end === 0 || (quoted && text.slice(0, end).split('"').length % 2 === 0)) {
      rest = text;
      continue;
    }
    yield text.slice(0, end);
    rest = text.slice(end);
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** The lines of a file with their numbers from 1, without what ends them. */
export async function* lines(entry: Entry, reading: Reading): AsyncGenerator<{ number: number; text: string }> {
  let number = 0;
  for await (const piece of pieces(entry, reading)) {
    for (const text of piece.replace(/\r?\n$/, '').split(/\r?\n/)) yield { number: ++number, text };
  }
}
