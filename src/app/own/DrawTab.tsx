/** Classes of one's own, drawn by hand. */
import { useId, useMemo, useState } from 'react';
import { greyUrl } from '../../figures/heat.ts';
import type { Given } from '../../own/protocol.ts';
import { DrawPad } from '../draw/DrawPad.tsx';
import type { Stroke } from '../draw/strokes.ts';
import { MOST_CLASSES, SIDE, countOf, drawingOf, givenOf, missingIn, withoutClass, type Drawings } from './drawings.ts';

interface Props {
  readonly drawings: Drawings;
  readonly onChange: (drawings: Drawings) => void;
  readonly onReady: (given: Given) => void;
}

const NONE: readonly Stroke[] = [];

export function DrawTab({ drawings, onChange, onReady }: Props) {
  const { names, drawn } = drawings;
  const [chosen, setChosen] = useState(0);
  const [strokes, setStrokes] = useState(NONE);
  const group = useId();
  const label = Math.min(chosen, names.length - 1);
  const missing = missingIn(drawings);
  const add = () => {
    onChange({ names, drawn: [...drawn, drawingOf(label, strokes)] });
    setStrokes(NONE);
  };
  const undo = () => {
    if (strokes.length > 0) setStrokes(strokes.slice(0, -1));
    else onChange({ names, drawn: drawn.slice(0, -1) });
  };
  return (
    <div className="own-draw">
      <div className="pad">
        <DrawPad label={`Draw a sample of ${names[label] ?? ''} here`} strokes={strokes} onChange={setStrokes} />
        <div className="buttons">
          <button
            type="button"
            className="primary"
            data-testid="draw-add"
            disabled={strokes.length === 0}
            title="Add this drawing to the chosen class."
            onClick={add}
          >
            Add to “{names[label]}”
          </button>
          <button
            type="button"
            data-testid="draw-undo"
            disabled={strokes.length === 0 && drawn.length === 0}
            title="Take back the last stroke, or the last drawing."
            onClick={undo}
          >
            Undo
          </button>
        </div>
      </div>
      <fieldset className="drawn-classes">
        <legend>Classes</legend>
        {names.map((name, index) => (
          <div key={index} className="drawn-class">
            <input
              type="radio"
              name={group}
              aria-label={`Draw ${name}`}
              checked={index === label}
              onChange={() => setChosen(index)}
            />
            <input
              type="text"
              aria-label={`Name of class ${index + 1}`}
              value={name}
              maxLength={40}
              onFocus={() => setChosen(index)}
              onChange={({ target }) => onChange({ names: names.with(index, target.value), drawn })}
            />
            <output className="digits" aria-label={`Drawings of ${name}`}>
              {countOf(drawings, index)}
            </output>
            <button
              type="button"
              className="quiet"
              disabled={names.length <= 2}
              aria-label={`Remove class ${name}`}
              title="Remove this class and its drawings."
              onClick={() => onChange(withoutClass(drawings, index))}
            >
              ✕
            </button>
            <Drawn {...{ drawings, onChange }} label={index} />
          </div>
        ))}
        <button
          type="button"
          disabled={names.length >= MOST_CLASSES}
          title={`Up to ${MOST_CLASSES} classes.`}
          onClick={() => {
            onChange({ names: [...names, `class ${names.length + 1}`], drawn });
            setChosen(names.length);
          }}
        >
          Add a class
        </button>
      </fieldset>
      <div className="own-end">
        <button
          type="button"
          className="primary"
          data-testid="draw-ready"
          disabled={missing !== null}
          title="See what the drawings become, before they train."
          onClick={() => onReady(givenOf(drawings))}
        >
          Look at them
        </button>
        <p className="reading">{missing ?? 'More of each class, drawn in different ways, teach it better.'}</p>
      </div>
    </div>
  );
}

interface DrawnProps extends Pick<Props, 'drawings' | 'onChange'> {
  readonly label: number;
}

function Drawn({ drawings: { names, drawn }, label, onChange }: DrawnProps) {
  const own = drawn.filter((drawing) => drawing.label === label);
  const urls = useMemo(
    () => drawn.filter((drawing) => drawing.label === label).map(({ values }) => greyUrl(values, [SIDE, SIDE])),
    [drawn, label],
  );
  if (own.length === 0) return null;
  return (
    <ul className="drawn">
      {own.map((drawing, i) => (
        <li key={i}>
          <button
            type="button"
            className="quiet"
            aria-label={`Remove drawing ${i + 1} of ${names[label] ?? ''}`}
            title="Remove this drawing."
            onClick={() => onChange({ names, drawn: drawn.filter((other) => other !== drawing) })}
          >
            <img src={urls[i]} alt="" width={34} height={34} />
          </button>
        </li>
      ))}
    </ul>
  );
}
