/** Classes of one's own, drawn by hand. */
import { useState } from 'react';
import { DrawPad } from '../draw/DrawPad.tsx';
import type { Stroke } from '../draw/strokes.ts';
import { DRAWING, drawnValues } from './collection.ts';
import { MakeTab, type MakeProps } from './MakeTab.tsx';

const NONE: readonly Stroke[] = [];

export function DrawTab(props: MakeProps) {
  const {
    collection: { names, samples },
    onChange,
  } = props;
  const [strokes, setStrokes] = useState(NONE);
  const add = (label: number) => {
    onChange({ names, samples: [...samples, { label, values: drawnValues(strokes) }] });
    setStrokes(NONE);
  };
  const undo = () => {
    if (strokes.length > 0) setStrokes(strokes.slice(0, -1));
    else onChange({ names, samples: samples.slice(0, -1) });
  };
  return (
    <MakeTab craft={DRAWING} {...props}>
      {(label, name) => (
        <>
          <DrawPad label={`Draw a sample of ${name} here`} strokes={strokes} onChange={setStrokes} />
          <div className="buttons">
            <button
              type="button"
              className="primary"
              data-testid="draw-add"
              disabled={strokes.length === 0}
              title="Add this drawing to the chosen class."
              onClick={() => add(label)}
            >
              Add to “{name}”
            </button>
            <button
              type="button"
              data-testid="draw-undo"
              disabled={strokes.length === 0 && samples.length === 0}
              title="Take back the last stroke, or the last drawing."
              onClick={undo}
            >
              Undo
            </button>
          </div>
        </>
      )}
    </MakeTab>
  );
}
