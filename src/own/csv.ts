/** CSV: a sample a row, one column its label, the others its values. */
import Papa from 'papaparse';
import { grouped } from './limits.ts';
import { pieces } from './lines.ts';
import { OwnDataError } from './own.ts';
import type { Entry, Reading } from './reading.ts';
import { type Samples, halfOfPath, useHalves } from './samples.ts';
import { type Series, joinSeries } from './series.ts';

/** Lines that tell the delimiter. */
const LOOKED_AT = 20;
const LABEL_NAMES = ['label', 'labels', 'class', 'target', 'y'];

/** What the first rows tell of all: read once, and kept for the other files. */
interface Table {
  readonly delimiter: string;
  /** Names of the columns, where the file has a header. */
  readonly names: readonly string[] | null;
  readonly columns: number;
  /** Index of the labels' column. */
  readonly label: number;
}

/**
 * Reads the rows of all files, a `train` and a `test` one as given halves.
 * @throws OwnDataError where no column looks like labels, more than half of the rows are bad, or values make no square
 */
export async function readCsv(entries: readonly Entry[], reading: Reading): Promise<Samples> {
  const { notes, options } = reading;
  const uses = useHalves(entries.map(({ path }) => halfOfPath(path)));
  const series: Series[] = [];
  const reasons: string[] = [];
  let table: Table | null = null;
  for (const [index, entry] of entries.entries()) {
    const half = uses[index];
    if (half === null || half === undefined) continue;
    let row = 0;
    for await (const text of pieces(entry, reading, true)) {
      const { data, meta } = Papa.parse(text.replace(/\r?\n$/, ''), {
        delimiter: table?.delimiter ?? delimiterOf(text),
      });
      table ??= findTable(entry.path, data, meta.delimiter, options.labelColumn);
      for (const cells of data) {
        row++;
        if (cells.length <= 1 && (cells[0] ?? '').trim() === '') continue;
        if (row === 1 && isHeader(cells)) continue;
        const place = `${entry.path}, row ${row}`;
        const parsed = parseRow(cells, table);
        if (typeof parsed === 'string') reasons.push(`${place}: ${parsed}`);
        else series.push({ place, half, label: parsed.label, channels: [parsed.values] });
      }
    }
  }
  if (table === null) throw new OwnDataError(`${entries[0]?.path ?? 'the file'} is empty; is it the right file?`);
  notes.leaveOut('rows', series.length + reasons.length, reasons);
  const length = table.columns - 1;
  const column = table.names === null ? `column ${table.label + 1}` : `“${table.names[table.label] ?? ''}”`;
  notes.add(`The labels are in ${column}; the other ${grouped(length)} columns are values.`);
  const side = Math.sqrt(length);
  if (options.layout !== 'image') {
    if (Number.isInteger(side) && side > 2 && options.layout === undefined) {
      notes.add(`They are read as sequences; if they are images of ${side} × ${side}, say so.`);
    }
    return joinSeries('CSV', series, reading);
  }
  if (!Number.isInteger(side)) {
    throw new OwnDataError(`${grouped(length)} values a row make no square image; read them as sequences`);
  }
  return { ...(await joinSeries('CSV', series, reading, length)), grid: [side, side] };
}

/** A delimiter other than the comma, which may then part decimals; empty where there is none and it must be guessed. */
function delimiterOf(text: string): string {
  const lines = text.split('\n', LOOKED_AT).filter((line) => line.trim() !== '');
  const counts = (mark: string): ReadonlySet<number> => new Set(lines.map((line) => line.split(mark).length - 1));
  return ['\t', ';', '|'].find((mark) => counts(mark).size === 1 && !counts(mark).has(0)) ?? '';
}

function findTable(
  path: string,
  rows: readonly (readonly string[])[],
  delimiter: string,
  wanted: string | number | undefined,
): Table {
  const filled = rows.filter((cells) => cells.length > 1);
  const [first] = filled;
  if (first === undefined) throw new OwnDataError(`${path} has no rows of several columns; is it a CSV file?`);
  const names = isHeader(first) ? first.map((name) => name.trim()) : null;
  const body = names === null ? filled : filled.slice(1);
  const label = findLabel(path, names, body, first.length, wanted);
  return { delimiter, names, columns: first.length, label };
}

/** Whether a row names columns: one of them the labels, or most of them not by numbers. */
function isHeader(cells: readonly string[]): boolean {
  const words = cells.filter((cell) => !isMissing(cell) && Number.isNaN(numberOf(cell)));
  return words.some((word) => LABEL_NAMES.includes(word.trim().toLowerCase())) || 2 * words.length > cells.length;
}

function findLabel(
  path: string,
  names: readonly string[] | null,
  rows: readonly (readonly string[])[],
  columns: number,
  wanted: string | number | undefined,
): number {
  if (wanted !== undefined) {
    const index = typeof wanted === 'number' ? wanted - 1 : (names?.indexOf(wanted) ?? -1);
    if (index >= 0 && index < columns) return index;
    const known =
      names === null ? `it has ${columns} columns and no header` : `it has ${names.slice(0, 5).join(', ')} …`;
    throw new OwnDataError(`${path} has no column ${wanted}; ${known}`);
  }
  const lower = names?.map((name) => name.toLowerCase()) ?? [];
  for (const name of LABEL_NAMES) {
    if (lower.includes(name)) return lower.indexOf(name);
  }
  const [first, last] = [0, columns - 1].map((column) => likeness(rows.map((cells) => cells[column] ?? '')));
  if (first! > 0 && first! >= last!) return 0;
  if (last! > 0) return columns - 1;
  throw new OwnDataError(`${path}: neither its first nor its last column looks like labels; say which column does`);
}

/** How much a column looks like labels: by words most, by few whole numbers less, by one least; 0 for measurements. */
function likeness(cells: readonly string[]): number {
  const known = cells.filter((cell) => !isMissing(cell));
  if (known.length === 0) return 0;
  if (known.every((cell) => Number.isNaN(numberOf(cell)))) return 3;
  if (!known.every((cell) => Number.isInteger(numberOf(cell)))) return 0;
  const distinct = new Set(known).size;
  if (distinct === 1) return 1;
  return 2 * distinct <= known.length ? 2 : 0;
}

/** The row's label and values, or what is wrong with it. */
function parseRow(
  cells: readonly string[],
  { columns, label, names }: Table,
): { readonly label: string; readonly values: Float32Array } | string {
  if (cells.length !== columns) return `${cells.length} cells were found, ${columns} expected`;
  const wrong = (column: number, what: string): string =>
    `${names === null ? `column ${column + 1}` : `column “${names[column] ?? ''}”`} ${what}`;
  const values = new Float32Array(columns - 1);
  let at = 0;
  for (const [column, cell] of cells.entries()) {
    if (column === label) continue;
    values[at] = numberOf(cell);
    if (!Number.isFinite(values[at])) {
      return wrong(column, isMissing(cell) ? 'is empty' : `is “${cell.slice(0, 20)}”, not a number`);
    }
    at++;
  }
  const name = cells[label] ?? '';
  return isMissing(name) ? wrong(label, 'is empty') : { label: labelOf(name), values };
}

/** Labels written as `1`, `1.0` and `1e0` are one. */
function labelOf(cell: string): string {
  const value = numberOf(cell);
  return Number.isNaN(value) ? cell.trim() : String(value);
}

function isMissing(cell: string): boolean {
  return /^\s*(?:\?|nan|na|null|)\s*$/i.test(cell);
}

/** NaN for what is none or blank; also with a decimal comma, which can stand only where another character parts cells. */
function numberOf(cell: string): number {
  const value = Number(cell);
  if (value === 0 && cell.trim() === '') return NaN;
  return Number.isNaN(value) && /^\s*[-+]?\d+,\d+\s*$/.test(cell) ? Number(cell.replace(',', '.')) : value;
}
