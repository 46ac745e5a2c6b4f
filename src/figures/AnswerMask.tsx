/** A picture with the answer's mask on it, the truth's edges over both, and what is wrong. */
import { useMemo } from 'react';
import type { FeatureMap } from '../engine/protocol.ts';
import { layoutTiles } from './answer.ts';
import { layoutContours, layoutErrors } from './answerMask.ts';
import { Keys, classColour, keysHeight } from './Keys.tsx';
import { pictureUrl } from './heat.ts';
import { isKnown, layoutMask, verdictOf, type DenseOutput } from './output.ts';
import type { Box } from './network.ts';

interface Props {
  readonly input: FeatureMap;
  readonly output: DenseOutput;
  readonly classes: readonly string[];
  readonly background: number | null;
  readonly width: number;
}

const CAPTIONS = ['input', 'answer and truth'] as const;
const ERROR_KEYS = [
  { name: 'edge of the truth', className: 'edge-key' },
  { name: 'missed', className: 'missed' },
  { name: 'too much', className: 'excess' },
  { name: 'mixed up', className: 'mixed' },
];

export function AnswerMask({ input, output, classes, background, width }: Props) {
  const known = isKnown(output);
  const url = useMemo(() => pictureUrl(input), [input]);
  const { boxes, height } = layoutTiles(CAPTIONS.length, input.grid, width);
  const [, masked] = boxes;
  const marked = classes.map((name, i) => ({ name, className: `mask-answer ${classColour(i)}` }));
  const keys = [
    ...marked.filter((_, i) => i !== background).map((key) => ({ ...key, name: `${key.name}: answer` })),
    ...(known ? ERROR_KEYS.slice(0, classes.length > 2 ? 4 : 3) : []),
  ];
  const top = keysHeight(keys, width);
  return (
    <svg
      className="figure answer-picture"
      width={width}
      height={top + height}
      role="img"
      aria-label={`The picture with what was marked in it: ${verdictOf(output, classes).says}.`}
    >
      <Keys keys={keys} width={width} />
      <g transform={`translate(0 ${top})`}>
        {boxes.map((box, i) => (
          <g key={i}>
            <text x={box.x} y={box.y - 6}>
              {CAPTIONS[i]}
            </text>
            <image href={url} preserveAspectRatio="none" {...box} />
          </g>
        ))}
        {masked !== undefined && (
          <Marks output={output} grid={input.grid} count={classes.length} background={background} box={masked} />
        )}
        {boxes.map((box, i) => (
          <rect key={i} className="tile-edge" {...box} />
        ))}
      </g>
    </svg>
  );
}

interface MarksProps {
  readonly output: DenseOutput;
  readonly grid: readonly number[];
  readonly count: number;
  readonly background: number | null;
  readonly box: Box;
}

function Marks({ output, grid, count, background, box }: MarksProps) {
  const { x, y, width, height } = box;
  const { answer, edges, missed, excess, mixed } = useMemo(() => {
    const room = { x, y, width, height };
    return {
      answer: layoutMask(output.classes, grid, room, count),
      edges: layoutContours(output.truth, grid, count, background, room).join(''),
      ...layoutErrors(output, grid, background, room),
    };
  }, [output, grid, count, background, x, y, width, height]);
  return (
    <>
      {answer.map((path, i) =>
        i === background ? null : <path key={i} className={`mask-answer ${classColour(i)}`} d={path} />,
      )}
      <path className="missed" d={missed} />
      <path className="excess" d={excess} />
      <path className="mixed" d={mixed} />
      {/* White on black, so that it is seen on every grey. */}
      <path className="edge-paper" d={edges} />
      <path className="edge-truth" d={edges} />
    </>
  );
}
