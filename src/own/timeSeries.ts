/** The formats of the time-series archives: `.ts` of several channels, and `.tsv` with the label first. */
import { lines } from './lines.ts';
import { OwnDataError } from './own.ts';
import type { Entry, Reading } from './reading.ts';
import { type Samples, halfOfPath, useHalves } from './samples.ts';
import { type Series, joinSeries } from './series.ts';

/** Each file with the half that it holds: `_TRAIN` and `_TEST`. */
function halves(entries: readonly Entry[]): readonly { readonly entry: Entry; readonly half: 'train' | 'test' }[] {
  const uses = useHalves(entries.map(({ path }) => halfOfPath(path)));
  return entries.flatMap((entry, index) => {
    const half = uses[index];
    return half === null || half === undefined ? [] : [{ entry, half }];
  });
}

interface Line {
  readonly label: string;
  readonly channels: readonly Float32Array[];
}

/** Reads the lines of all files by one parser, and leaves out those that it refuses. */
async function readLines(
  format: string,
  entries: readonly Entry[],
  reading: Reading,
  parserOf: (path: string) => (text: string) => Line | string | null,
): Promise<Samples> {
  const series: Series[] = [];
  const reasons: string[] = [];
  for (const { entry, half } of halves(entries)) {
    const parse = parserOf(entry.path);
    for await (const { number, text } of lines(entry, reading)) {
      const parsed = parse(text);
      const place = `${entry.path}, line ${number}`;
      if (typeof parsed === 'string') reasons.push(`${place}: ${parsed}`);
      else if (parsed !== null) series.push({ place, half, ...parsed });
    }
  }
  reading.notes.leaveOut('lines', series.length + reasons.length, reasons);
  return joinSeries(format, series, reading);
}

/**
 * `.ts`: a header, `@data`, then a sample a line: channels parted by `:`, values by `,`, last the class. `?` is missing.
 * @throws OwnDataError where the header says that there are no classes, or times beside the values
 */
export function readTs(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  return readLines('Time series (.ts)', entries, reading, (path) => {
    let isData = false;
    return (text) => {
      const line = text.trim();
      if (line === '' || line.startsWith('#')) return null;
      if (!isData) {
        isData = readHeaderLine(path, line);
        return null;
      }
      const parts = line.split(':');
      const label = parts.pop()?.trim() ?? '';
      if (parts.length === 0 || label === '') return 'it has no label after a “:”';
      return parseChannels(parts, label, ',');
    };
  });
}

/** Whether the data follow. @throws OwnDataError for what is not read */
function readHeaderLine(path: string, line: string): boolean {
  const [key = '', value = ''] = line.toLowerCase().split(/\s+/);
  if (key === '@timestamps' && value === 'true') {
    throw new OwnDataError(`${path} has a time beside each value, which is not read; give equally spaced values alone`);
  }
  if (key === '@targetlabel' || (key === '@classlabel' && value !== 'true')) {
    throw new OwnDataError(`${path} has no classes (${line}); give a file with @classLabel true`);
  }
  if (key.startsWith('@')) return key === '@data';
  throw new OwnDataError(`${path} has data before @data; is it a time series of the archive, whole?`);
}

/** `.tsv`: label, then values, parted by tabs; NaN at the end pads what is shorter. */
export function readTsv(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  return readLines('Time series (.tsv)', entries, reading, () => (text) => {
    if (text.trim() === '') return null;
    const at = text.indexOf('\t');
    const label = text.slice(0, at).trim();
    if (at < 0 || label === '') return 'it has no label before a tab';
    const parsed = parseChannels([text.slice(at + 1)], label, '\t');
    if (typeof parsed === 'string') return parsed;
    return { label, channels: parsed.channels.map(withoutPadding) };
  });
}

function withoutPadding(values: Float32Array): Float32Array {
  return values.subarray(0, values.findLastIndex((value) => !Number.isNaN(value)) + 1);
}

/** The line's values, or what is wrong with it. */
function parseChannels(parts: readonly string[], label: string, separator: string): Line | string {
  const channels: Float32Array[] = [];
  for (const part of parts) {
    const cells = part.split(separator);
    const values = new Float32Array(cells.length);
    for (const [index, cell] of cells.entries()) {
      const word = cell.trim();
      const isMissing = word === '?' || word.toLowerCase() === 'nan';
      values[index] = isMissing || word === '' ? NaN : Number(word);
      if (!isMissing && !Number.isFinite(values[index])) return `value ${index + 1} is “${word}”, not a number`;
    }
    channels.push(values);
  }
  return { label, channels };
}
