/** What drawing and taking snapshots share: where a sample is made, the classes, and the way on. */
import { useState, type ReactNode } from 'react';
import type { Given } from '../../own/protocol.ts';
import { ClassList } from './ClassList.tsx';
import { givenOf, missingIn, type Collection, type Craft } from './collection.ts';

export interface MakeProps {
  readonly collection: Collection;
  readonly onChange: (collection: Collection) => void;
  readonly onReady: (given: Given) => void;
}

interface Props extends MakeProps {
  readonly craft: Craft;
  /** The place where a sample of the class of that index and name is made. */
  readonly children: (label: number, name: string) => ReactNode;
}

export function MakeTab({ craft, collection, onChange, onReady, children }: Props) {
  const { names } = collection;
  const [chosen, setChosen] = useState(0);
  const label = Math.min(chosen, names.length - 1);
  const missing = missingIn(collection, craft);
  return (
    <div className="own-make">
      <div className="pad">{children(label, names[label] ?? '')}</div>
      <ClassList {...{ craft, collection, onChange }} chosen={label} onChoose={setChosen} />
      <div className="own-end">
        <button
          type="button"
          className="primary"
          data-testid="made-ready"
          disabled={missing !== null}
          title={`See what the ${craft.one}s become, before they train.`}
          onClick={() => onReady(givenOf(collection, craft))}
        >
          Look at them
        </button>
        <p className="reading">{missing ?? `More of each class, each a little different, teach it better.`}</p>
      </div>
    </div>
  );
}
