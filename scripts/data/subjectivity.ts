/** Cuts the subjectivity sentences: 5000 of plots and 5000 of reviews, in random order, as tokens of a byte each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../src/dnarch/random.ts';
import { subjectivity } from '../../src/tasks/subjectivity.ts';
import { check, checkSum, histogram, moments, type Cut } from './cut.ts';
import { sentences } from './thumbnails.ts';
import { readZip } from './zip.ts';

/** In the order of the classes. */
const FILES = [
  {
    path: 'subjectivity/plot.tok.gt9.5000',
    released: '5ddc9b44dc60d64d651347fcd7bdd489b0c70661e3f768215c16eea36f51204a',
  },
  {
    path: 'subjectivity/quote.tok.gt9.5000',
    released: 'cc5d85345896d3fa44ca6b826b108418030977f958a004eb97860043b3b37624',
  },
] as const;
const OF_EACH = 5000;
const ALL = FILES.length * OF_EACH;
const TRAIN = 9000;
const LENGTH = 256;
/** Bytes that occur less often share the token `other`, as do those outside ASCII, of which no letter is one byte. */
const LEAST = 10;
const [PADDING, OTHER, FIRST] = [0, 1, 2];
const SEED = 1;
/** Training sentences of the thumbnail. */
const SHOWN = [0, 1] as const;

/** @param directory holds `subjectivity.zip`, as NLTK distributes it */
export function cutSubjectivity(directory: string): Cut {
  const members = readZip('subjectivity.zip', readFileSync(join(directory, 'subjectivity.zip')));
  const lines = FILES.flatMap(({ path, released }) => {
    const bytes = members.get(path) ?? new Uint8Array();
    checkSum(path, bytes, released);
    return Buffer.from(bytes).toString('latin1').trim().split('\n');
  }).map((line) => line.trim());
  check(lines.length === ALL, `there are ${lines.length} sentences, not ${ALL}`);
  const vocabulary = vocabularyOf(lines);
  check(`paddingother${vocabulary}` === subjectivity.tokens?.join(''), 'the task has another vocabulary');

  const order = random(SEED, 0).permutation(ALL);
  const inputs = new Uint8Array(ALL * LENGTH).fill(PADDING);
  const labels = Uint8Array.from(order, (line) => Math.floor(line / OF_EACH));
  order.forEach((line, place) => {
    const tokens = Array.from((lines[line] ?? '').slice(0, LENGTH), (character) => {
      const at = vocabulary.indexOf(character);
      return at < 0 ? OTHER : FIRST + at;
    });
    inputs.set(tokens, place * LENGTH);
  });
  const half = (name: string, part: Uint8Array): string =>
    `${name}: ${part.length}, a class ${histogram(part, FILES.length).join(' ')}`;
  const share = (wanted: number): string =>
    `${((100 * inputs.filter((token) => token === wanted).length) / inputs.length).toFixed(2)} %`;
  const longer = lines.filter(({ length }) => length > LENGTH).length;
  const { mean } = moments(Float64Array.from(lines, ({ length }) => length));
  return {
    id: subjectivity.id,
    tensors: {
      'train.inputs': { dtype: 'U8', shape: [TRAIN, LENGTH, 1], values: inputs.slice(0, TRAIN * LENGTH) },
      'train.labels': { dtype: 'U8', shape: [TRAIN], values: labels.slice(0, TRAIN) },
      'test.inputs': { dtype: 'U8', shape: [ALL - TRAIN, LENGTH, 1], values: inputs.slice(TRAIN * LENGTH) },
      'test.labels': { dtype: 'U8', shape: [ALL - TRAIN], values: labels.slice(TRAIN) },
    },
    metadata: {
      source: `${subjectivity.source.name}, ${subjectivity.source.url}`,
      licence: subjectivity.source.licence,
      'licence-url': 'https://creativecommons.org/licenses/by/4.0/',
      cut: `all sentences in random order, ${TRAIN} train, ${ALL - TRAIN} test; first ${LENGTH} bytes as indices of tokens: 0 padding, 1 other, 2… ${vocabulary}`,
    },
    thumbnails: {
      [subjectivity.thumbnail]: sentences(
        SHOWN.map((place) => ({ text: lines[order[place] ?? 0] ?? '', label: labels[place] ?? 0 })),
      ),
    },
    report: [
      half('train', labels.subarray(0, TRAIN)),
      half('test', labels.subarray(TRAIN)),
      `  ${vocabulary.length + FIRST} tokens; ${share(PADDING)} padding, ${share(OTHER)} other; ${longer} sentences cut short; mean length ${mean.toFixed(1)}`,
    ],
  };
}

/** Characters of ASCII that occur often enough, in their order. The sentences have no capitals. */
function vocabularyOf(lines: readonly string[]): string {
  const counts = histogram(Buffer.from(lines.join(''), 'latin1'), 128);
  return counts.flatMap((count, code) => (count >= LEAST ? [String.fromCharCode(code)] : [])).join('');
}
