/** Cuts LUDB: 200 patients × 12 leads, six seconds each at 125 Hz, with a label a sample. */
import { createHash } from 'node:crypto';
import { IGNORE } from '../../src/tasks/task.ts';
import { ludb } from '../../src/tasks/ludb.ts';
import { openArchive, type Archive } from './archive.ts';
import { check, histogram, moments, type Cut } from './cut.ts';
import { ecgTrace } from './thumbnails.ts';
import { intervalsOf, labelsOf } from './waves.ts';
import { readHeader, readMarks, readSignals, type Mark } from './wfdb.ts';

const PATIENTS = 200;
const LEADS = ['i', 'ii', 'iii', 'avr', 'avl', 'avf', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6'] as const;
const FREQUENCY = 500;
const LENGTH = 5000;
/** Samples 1000, 1004, … 4068: the middle, where nearly all leads are annotated. */
const FIRST = 1000;
const STEP = 4;
const KEPT = 768;
/**
 * One unit of the int8 values, in readings: 10 µV.
 * A reading is taken as 1 µV and the headers' gain is left out: there it is each lead's own range, so that every lead
 * would span just 1 mV, while in readings III = II − I holds exactly, which `agree` checks.
 */
const UNIT = 10;
const LIMIT = 127;
/** Every fifth patient is held out, by number, so that the split needs no random generator to be redone. */
const HELD_OUT = 5;
/** Lead shown in the thumbnail, and which of its samples: two heartbeats. */
const SHOWN = { patient: 1, lead: 'ii', from: 0, samples: 330 } as const;

interface Half {
  readonly inputs: Int8Array;
  readonly labels: Uint8Array;
  samples: number;
}

/** @param directory holds the release, unpacked (`RECORDS`, `data/1.dat`, …) or as one `.tgz` */
export function cutLudb(directory: string): Cut {
  const archive = verified(openArchive(directory, 'RECORDS'));
  const train = half(PATIENTS - PATIENTS / HELD_OUT);
  const test = half(PATIENTS / HELD_OUT);
  const counted = { P: 0, QRS: 0, T: 0, unknown: 0, clipped: 0 };
  let thumbnail: Uint8Array | undefined;
  for (let patient = 1; patient <= PATIENTS; patient++) {
    const target = patient % HELD_OUT === 0 ? test : train;
    const header = readHeader(`${patient}.hea`, archive(`data/${patient}.hea`));
    const leads = header.signals.map(({ lead }) => lead);
    check(leads.join() === LEADS.join(), `record ${patient} has leads ${leads.join(', ')}`);
    check(header.frequency === FREQUENCY && header.length === LENGTH, `record ${patient} is not 10 s at 500 Hz`);
    const signals = readSignals(`${patient}.dat`, archive(`data/${patient}.dat`), header);
    check(agree(signals), `record ${patient}: lead III is not lead II less lead I`);
    for (const [index, lead] of LEADS.entries()) {
      const name = `${patient}.${lead}`;
      const marks = readMarks(name, archive(`data/${name}`));
      check(inOrder(marks), `${name}: marks are not in order of time`);
      const intervals = intervalsOf(marks);
      for (const { wave } of intervals) counted[wave ?? 'unknown']++;
      const { values, clipped } = quantised(signals[index] ?? new Int16Array());
      const labels = Uint8Array.from(everyFourth(labelsOf(intervals, LENGTH)));
      counted.clipped += clipped;
      target.inputs.set(values, target.samples * KEPT);
      target.labels.set(labels, target.samples * KEPT);
      target.samples++;
      if (patient === SHOWN.patient && lead === SHOWN.lead) {
        const to = SHOWN.from + SHOWN.samples;
        thumbnail = ecgTrace(values.subarray(SHOWN.from, to), labels.subarray(SHOWN.from, to));
      }
    }
  }
  check(train.samples + test.samples === PATIENTS * LEADS.length, 'a lead was lost');
  check(thumbnail !== undefined, 'the lead of the thumbnail was not found');
  const { mean, deviation } = moments(train.inputs);
  return {
    id: ludb.id,
    tensors: {
      'train.inputs': { dtype: 'I8', shape: [train.samples, KEPT, 1], values: train.inputs },
      'train.labels': { dtype: 'U8', shape: [train.samples, KEPT], values: train.labels },
      'test.inputs': { dtype: 'I8', shape: [test.samples, KEPT, 1], values: test.inputs },
      'test.labels': { dtype: 'U8', shape: [test.samples, KEPT], values: test.labels },
    },
    metadata: {
      source: `${ludb.source.name}, ${ludb.source.url}`,
      licence: ludb.source.licence,
      cut: 'samples 1000, 1004, … 4068 of every lead, int8 in steps of 10 µV about their median; patients 5, 10, … 200 test',
    },
    thumbnails: { [ludb.thumbnail]: thumbnail },
    report: [
      fractions('train', train),
      fractions('test', test),
      `  waves: P ${counted.P}, QRS ${counted.QRS}, T ${counted.T}, unknown ${counted.unknown}`,
      `  ${((100 * counted.clipped) / (PATIENTS * LEADS.length * KEPT)).toFixed(2)} % clipped; mean ${mean.toFixed(3)}, deviation ${deviation.toFixed(3)} of 10 µV`,
    ],
  };
}

/** Compares each file with the release's own list of SHA-256 sums. */
function verified(archive: Archive): Archive {
  const lines = Buffer.from(archive('SHA256SUMS.txt')).toString('latin1').trim().split('\n');
  const sums = new Map(lines.map((line) => [line.slice(65).trim(), line.slice(0, 64)] as const));
  return (path) => {
    const bytes = archive(path);
    check(createHash('sha256').update(bytes).digest('hex') === sums.get(path), `${path} is not as released`);
    return bytes;
  };
}

function half(patients: number): Half {
  const values = patients * LEADS.length * KEPT;
  return { inputs: new Int8Array(values), labels: new Uint8Array(values), samples: 0 };
}

function everyFourth(values: ArrayLike<number>): number[] {
  return Array.from({ length: KEPT }, (_, i) => values[FIRST + i * STEP] ?? 0);
}

/** Readings of one lead to int8 in steps of 10 µV about the median of those kept; what lies beyond ±1.27 mV is clipped. */
function quantised(readings: Int16Array): { readonly values: Int8Array; readonly clipped: number } {
  const kept = everyFourth(readings);
  const sorted = kept.toSorted((a, b) => a - b);
  const median = ((sorted[KEPT / 2 - 1] ?? 0) + (sorted[KEPT / 2] ?? 0)) / 2;
  const steps = kept.map((reading) => Math.round((reading - median) / UNIT));
  return {
    values: Int8Array.from(steps, (step) => Math.max(-LIMIT, Math.min(LIMIT, step))),
    clipped: steps.filter((step) => Math.abs(step) > LIMIT).length,
  };
}

/** Einthoven's law: the leads share one unit only where it holds at every sample. */
function agree([first, second, third]: readonly Int16Array[]): boolean {
  return third?.every((reading, i) => reading === (second?.[i] ?? 0) - (first?.[i] ?? 0)) ?? false;
}

function inOrder(marks: readonly Mark[]): boolean {
  return marks.every((mark, i) => mark.at >= (marks[i - 1]?.at ?? 0) && mark.at < LENGTH);
}

function fractions(name: string, { labels, samples }: Half): string {
  const counts = histogram(labels, ludb.classes.length);
  const ignored = labels.filter((label) => label === IGNORE).length;
  const all = counts.reduce((sum, count) => sum + count, 0);
  check(all + ignored === samples * KEPT, `${name}: a label is neither a class nor ignored`);
  const shares = counts.map((count, label) => `${ludb.classes[label] ?? ''} ${((100 * count) / all).toFixed(2)} %`);
  const rest = `${((100 * ignored) / labels.length).toFixed(2)} % ignored`;
  return `${name}: ${samples} leads of ${KEPT}; ${shares.join(', ')} of those counted; ${rest}`;
}
