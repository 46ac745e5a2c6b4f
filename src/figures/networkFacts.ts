/** What is written under each cell of the network's picture, and said of it. The sizes are those that are really run. */
import type { Architecture } from '../architecture/architecture.ts';
import { describeBlock } from '../architecture/describe.ts';
import { receptiveField } from '../architecture/receptiveField.ts';
import type { ProbeOutput } from '../engine/protocol.ts';
import { formatPercent, formatSizes } from './format.ts';
import { agreement, topClasses } from './output.ts';

export interface CellText {
  readonly name: string;
  /** The name of the cell for those who listen: a sentence. */
  readonly label: string;
  /** A line each: what, and how much. */
  readonly facts: readonly (readonly [string, string])[];
}

/** Text of all cells, the input first and the output last. `narrow` asks for shorter words. */
export function cellTexts(
  architecture: Architecture,
  output: ProbeOutput | null,
  classes: readonly string[],
  narrow: boolean,
): CellText[] {
  const { input, blocks } = architecture;
  const fields = receptiveField(architecture);
  const plural = input.channels === 1 ? '' : 's';
  const first: CellText = {
    name: 'input',
    label: `input: grid ${formatSizes(input.grid)}, ${input.channels} channel${plural}`,
    facts: [
      ['grid', formatSizes(input.grid)],
      ['channels', String(input.channels)],
    ],
  };
  return [
    first,
    ...blocks.map((_, i) => blockText(architecture, i, fields[i] ?? [], narrow)),
    outputText(architecture, output, classes),
  ];
}

function blockText(architecture: Architecture, i: number, field: readonly number[], narrow: boolean): CellText {
  const block = architecture.blocks[i]!;
  const name = `block ${i + 1}`;
  const label = describeBlock(architecture, i);
  const gate = block.gate.toFixed(2);
  if (!block.kept) {
    return {
      name,
      label,
      facts: [
        ['not run', ''],
        ['gate', gate],
        ['needs', '0.10'],
      ],
    };
  }
  const facts: [string, string][] = [
    ['grid', formatSizes(block.grid)],
    ['channels', `${block.width.outer}${narrow ? '/' : ' of '}${architecture.full.width.outer}`],
    ['kernel', formatSizes(block.kernel)],
    ['sees', formatSizes(field)],
    ['gate', gate],
  ];
  return { name, label, facts };
}

const nameOf = (classes: readonly string[], index: number): string => classes[index] ?? `class ${index}`;

function outputText(
  { output: { channels } }: Architecture,
  output: ProbeOutput | null,
  classes: readonly string[],
): CellText {
  const name = 'output';
  if (output === null) return { name, label: `output: ${channels} classes`, facts: [['classes', String(channels)]] };
  switch (output.kind) {
    case 'dense': {
      const right = formatPercent(agreement(output), 0);
      return { name, label: `output: ${right} of the positions right`, facts: [['right', right]] };
    }
    case 'classes': {
      const [answer] = topClasses(output, 1 + output.probabilities.length);
      const says = nameOf(classes, answer?.index ?? 0);
      const truth = nameOf(classes, output.truth);
      const isRight = answer?.isTruth ?? false;
      const verdict = isRight ? 'right' : 'wrong';
      const share = formatPercent(answer?.probability ?? NaN, 0);
      return {
        name,
        label: `output: says ${says} (${share}), the truth is ${truth}: ${verdict}`,
        facts: [
          ['says', says],
          ['◆ truth', truth],
          [isRight ? '✓' : '✗', verdict],
        ],
      };
    }
  }
}

/** Width of a character in the figures' text, in pixels, on the broad side. */
const CHARACTER = 6.6;

/** Cuts what would not fit into `room` pixels. */
export function fitText(text: string, room: number): string {
  const most = Math.max(1, Math.floor(room / CHARACTER));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
