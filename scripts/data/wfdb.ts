/**
 * Reads WFDB records as LUDB uses them: a text header, samples in format 16, annotations in MIT format.
 * https://physionet.org/physiotools/wag/header-5.htm, signal-5.htm and annot-5.htm describe the three.
 */
import { check } from './cut.ts';

export interface Signal {
  readonly lead: string;
  /** Sum of all samples modulo 2¹⁶, as a signed 16-bit number. */
  readonly checksum: number;
}

export interface Header {
  readonly frequency: number;
  /** Samples a signal. */
  readonly length: number;
  readonly signals: readonly Signal[];
}

/** Header lines `1 12 500 5000` and, a signal, `1.dat 16 1716(6)/mV 0 0 -120 -32198 0 i`. */
export function readHeader(name: string, bytes: Uint8Array): Header {
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/);
  const [, signals, frequency, length] = (lines[0] ?? '').split(' ').map(Number);
  check(signals !== undefined && frequency !== undefined && length !== undefined, `${name}: no record line`);
  return {
    frequency,
    length,
    signals: lines.slice(1, 1 + signals).map((line) => {
      const match = /^\S+ 16 \S+\/mV \d+ -?\d+ -?\d+ (-?\d+) 0 (\S+)\s*$/.exec(line);
      const [, checksum, lead] = match ?? [];
      check(lead !== undefined, `${name}: cannot read the signal line "${line}"`);
      return { lead, checksum: Number(checksum) };
    }),
  };
}

/** The converter's readings, one array a signal: format 16 is little-endian int16, the signals taking turns. */
export function readSignals(name: string, bytes: Uint8Array, { length, signals }: Header): Int16Array[] {
  check(bytes.length === 2 * length * signals.length, `${name} has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return signals.map(({ lead, checksum }, index) => {
    let sum = 0;
    const readings = Int16Array.from({ length }, (_, i) => {
      const reading = view.getInt16(2 * (i * signals.length + index), true);
      sum = (sum + reading) & 0xffff;
      return reading;
    });
    check(sum === (checksum & 0xffff), `${name}: the checksum of lead ${lead} does not agree`);
    return readings;
  });
}

export type Wave = 'P' | 'QRS' | 'T';

export type Mark =
  | { readonly kind: 'onset' | 'offset'; readonly at: number }
  | { readonly kind: 'peak'; readonly at: number; readonly wave: Wave };

const SKIP = 59;
const [NUM, SUB, CHN] = [60, 61, 62];
const AUX = 63;

/** Annotation codes of LUDB: N, p, t, "(" and ")". */
function markOf(code: number, at: number): Mark | undefined {
  switch (code) {
    case 1:
      return { kind: 'peak', at, wave: 'QRS' };
    case 24:
      return { kind: 'peak', at, wave: 'P' };
    case 27:
      return { kind: 'peak', at, wave: 'T' };
    case 39:
      return { kind: 'onset', at };
    case 40:
      return { kind: 'offset', at };
    default:
      return undefined;
  }
}

/** Each mark is a 16-bit word: 6 bits of code, 10 bits of samples since the mark before; a zero word ends them. */
export function readMarks(name: string, bytes: Uint8Array): Mark[] {
  check(bytes.length >= 2 && bytes.length % 2 === 0, `${name} is cut short`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marks: Mark[] = [];
  let time = 0;
  for (let at = 0; at < bytes.length;) {
    const word = view.getUint16(at, true);
    at += 2;
    if (word === 0) {
      check(at === bytes.length, `${name}: bytes follow the end`);
      return marks;
    }
    const code = word >> 10;
    const rest = word & 0x3ff;
    if (code === SKIP) {
      // A longer step: 32 bits, the upper half first.
      check(at + 4 <= bytes.length, `${name} is cut short`);
      time += (view.getInt16(at, true) << 16) | view.getUint16(at + 2, true);
      at += 4;
    } else if (code === AUX) {
      at += rest + (rest & 1);
    } else if (code !== NUM && code !== SUB && code !== CHN) {
      time += rest;
      const mark = markOf(code, time);
      check(mark !== undefined, `${name}: unknown annotation code ${code}`);
      marks.push(mark);
    }
  }
  check(false, `${name} has no end mark`);
}
