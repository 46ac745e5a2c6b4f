/** A signal with the answer's bands behind it, and the truth beneath. */
import { useMemo } from 'react';
import type { FeatureMap } from '../engine/protocol.ts';
import { layoutTrace, type BandLabel } from './answerTrace.ts';
import { Keys, classColour, keysHeight } from './Keys.tsx';
import { isKnown, verdictOf, type DenseOutput } from './output.ts';

interface Props {
  readonly input: FeatureMap;
  readonly output: DenseOutput;
  readonly classes: readonly string[];
  readonly background: number | null;
  /** How long the sequence lasts, where that is known. */
  readonly seconds: number | null;
  readonly width: number;
}

export function AnswerTrace({ input, output, classes, background, seconds, width }: Props) {
  const layout = useMemo(
    () => layoutTrace(input, output, classes, background, seconds, width),
    [input, output, classes, background, seconds, width],
  );
  const { trace, wrong, truth } = layout;
  const keys = classes.map((name, i) => ({ name, className: classColour(i) })).filter((_, i) => i !== background);
  const top = keysHeight(keys, width);
  return (
    <svg
      className="figure answer-picture"
      width={width}
      height={top + layout.height}
      role="img"
      aria-label={`The signal with what was marked in it: ${verdictOf(output, classes).says}.`}
    >
      <Keys keys={keys} width={width} />
      <g transform={`translate(0 ${top})`}>
        {layout.bands.map((path, i) => (
          <path key={i} className={`band-answer ${classColour(i)}`} d={path} />
        ))}
        <rect className="tile-edge" {...trace} />
        {layout.lanes.map((path, i) => (
          <path key={i} className="wave" d={path} />
        ))}
        <Names labels={layout.bandLabels} classes={classes} y={trace.y - 4} />
        <rect className="track" {...wrong} />
        <path className="wrong-run" d={layout.wrongPath} />
        {!isKnown(output) && (
          <text x={truth.x + 4} y={truth.y + truth.height - 6}>
            not known
          </text>
        )}
        <Names labels={layout.truthLabels} classes={classes} y={truth.y - 4} />
        {layout.truthBars.map((path, i) => (
          <path key={i} className={classColour(i)} d={path} />
        ))}
        <line
          className="base"
          x1={truth.x}
          x2={truth.x + truth.width}
          y1={truth.y + truth.height}
          y2={truth.y + truth.height}
        />
        {[
          ['answer', trace.y + trace.height / 2 + 4],
          ['wrong', wrong.y + 8],
          ['truth', truth.y + truth.height - 6],
        ].map(([text, y]) => (
          <text key={text} x={trace.x - 8} y={y} textAnchor="end">
            {text}
          </text>
        ))}
        {layout.axis.map(({ text, at }) => (
          <text key={text} x={at} y={layout.height - 4} textAnchor="middle">
            {text}
          </text>
        ))}
      </g>
    </svg>
  );
}

interface NamesProps {
  readonly labels: readonly BandLabel[];
  readonly classes: readonly string[];
  readonly y: number;
}

const Names = ({ labels, classes, y }: NamesProps) =>
  labels.map(({ label, x }) => (
    <text key={x} className="number band-name" x={x} y={y} textAnchor="middle">
      {classes[label]}
    </text>
  ));
