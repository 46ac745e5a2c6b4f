/** What is written under each cell of the network's picture, and said of it. The sizes are those that are really run. */
import type { Architecture } from '../architecture/architecture.ts';
import { describeBlock } from '../architecture/describe.ts';
import { receptiveField } from '../architecture/receptiveField.ts';
import type { ProbeOutput } from '../engine/protocol.ts';
import { formatSizes } from './format.ts';
import { verdictOf } from './output.ts';

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

function outputText(
  { output: { channels } }: Architecture,
  output: ProbeOutput | null,
  classes: readonly string[],
): CellText {
  const name = 'output';
  if (output === null) return { name, label: `output: ${channels} channels`, facts: [['channels', String(channels)]] };
  const { says, fact, choice } = verdictOf(output, classes);
  if (choice === null) return { name, label: `output: ${says}`, facts: [fact] };
  const verdict = choice.isRight ? 'right' : 'wrong';
  return {
    name,
    label: `output: ${says}, the truth is ${choice.truth}: ${verdict}`,
    facts: [fact, ['◆ truth', choice.truth], [choice.isRight ? '✓' : '✗', verdict]],
  };
}

/** Width of a character in the figures' text, in pixels, on the broad side. */
const CHARACTER = 6.6;

/** Cuts what would not fit into `room` pixels. */
export function fitText(text: string, room: number): string {
  const most = Math.max(1, Math.floor(room / CHARACTER));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
