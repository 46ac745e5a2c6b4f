/** Marks of waves to labels: the regular case, and each irregular one that LUDB holds. */
import { describe, expect, it } from 'vitest';
import { intervalsOf, labelsOf } from '../../scripts/data/waves.ts';
import { readMarks, type Mark } from '../../scripts/data/wfdb.ts';

const PEAKS = { p: 'P', N: 'QRS', t: 'T' } as const;

/** `(3 p5 )8` and so on, as annotation viewers print them. */
function marks(text: string): Mark[] {
  return text.split(' ').map((word): Mark => {
    const at = Number(word.slice(1));
    switch (word[0]) {
      case '(':
        return { kind: 'onset', at };
      case ')':
        return { kind: 'offset', at };
      case 'p':
      case 'N':
      case 't':
        return { kind: 'peak', at, wave: PEAKS[word[0]] };
      default:
        throw new Error(`no mark: ${word}`);
    }
  });
}

/** `P3-8`; `?` is a wave that is not known. */
function intervals(text: string): string {
  return intervalsOf(marks(text))
    .map(({ from, to, wave }) => `${wave ?? '?'}${from}-${to}`)
    .join(' ');
}

describe('marks of waves', () => {
  it.each([
    ['regular', '(3 p5 )8 (10 N12 )14 (20 t25 )30', 'P3-8 QRS10-14 T20-30'],
    ['a peak on its onset', 'N710 )784 (865 t922 )950', 'QRS710-784 T865-950'],
    ['a peak just before its onset', 'N965 (967 )996 (1089 t1132 )1159', 'QRS965-996 T1089-1159'],
    ['a peak just after its offset', '(4374 t4414 )4420 (4398 )4461 N4464', 'T4374-4420 QRS4398-4464'],
    ['no peak', '(749 t798 )841 (1066 )1138 (1156 t1214 )1266', 'T749-841 ?1066-1138 T1156-1266'],
    ['a wave marked several times', '(373 (394 (399 t422 t425 t430 )457 )461 )469 (511 p537 )558', 'T373-469 P511-558'],
    ['no offset', '(3037 t3088 (3133 p3202 )3220', 'T3037-3088 ?3089-3132 P3133-3220'],
    ['a wave cut off at the end', '(3 p5 )8 (10 N12', 'P3-8'],
    ['no mark that closes', 'N5', ''],
  ])('%s', (_, text, expected) => {
    expect(intervals(text)).toBe(expected);
  });

  it('ignores what lies outside the annotated beats or is not known', () => {
    const labels = labelsOf(intervalsOf(marks('(2 p3 )3 (5 N6 )7 (9 )10 (12 t12 )13')), 16);
    expect([...labels]).toEqual([255, 255, 1, 1, 0, 2, 2, 2, 0, 255, 255, 0, 3, 3, 255, 255]);
    expect([...labelsOf([], 3)]).toEqual([255, 255, 255]);
  });

  it('are read from words of six bits of code and ten of time', () => {
    const word = (code: number, time: number): number[] => [time & 255, (code << 2) | (time >> 8)];
    const skip = [...word(59, 0), 1, 0, 2, 0]; // 65538 samples on, upper half first
    const note = [...word(63, 3), 65, 66, 67, 0]; // a text of three bytes, padded
    const bytes = Uint8Array.from([word(39, 700), note, word(24, 20), skip, word(40, 5), [0, 0]].flat());
    expect(readMarks('1.i', bytes)).toEqual([
      { kind: 'onset', at: 700 },
      { kind: 'peak', at: 720, wave: 'P' },
      { kind: 'offset', at: 720 + 65538 + 5 },
    ]);
    expect(() => readMarks('1.i', bytes.subarray(0, bytes.length - 2))).toThrow('1.i has no end mark');
    expect(() => readMarks('1.i', Uint8Array.from([...word(5, 1), 0, 0]))).toThrow('unknown annotation code 5');
  });
});
