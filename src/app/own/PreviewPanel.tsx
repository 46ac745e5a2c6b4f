/** What was read: its shape, its classes and some samples, before it trains. */
import { useId, useMemo, useState } from 'react';
import type { OwnAbout } from '../../own/own.ts';
import type { Preview, Shown } from '../../own/protocol.ts';
import { ReadOptions } from './ReadOptions.tsx';
import type { OwnReading } from './reading.ts';
import { isPicture, urlOf } from './shownSample.ts';

interface Props {
  readonly preview: Preview;
  /** It is read again, or being kept. */
  readonly isBusy: boolean;
  readonly reading: OwnReading;
  readonly onKeep: (name: string, classes: readonly string[], thumbnail: string) => void;
}

export function PreviewPanel({ preview, isBusy, reading, onKeep }: Props) {
  const { about, shown } = preview;
  const [name, setName] = useState(about.name);
  // By the names that were found, which stand where a field is left empty.
  const [renamed, setRenamed] = useState<Readonly<Record<string, string>>>({});
  const field = useId();
  const classes = about.classes.map((found) => (renamed[found] ?? '').trim() || found);
  const [first] = shown;
  return (
    <div className="own-preview" data-testid="own-preview">
      <div className="own-name">
        <label htmlFor={field}>Name</label>
        <input id={field} type="text" value={name} maxLength={60} onChange={({ target }) => setName(target.value)} />
      </div>
      <Facts about={about} />
      {about.notes.length > 0 && (
        <ul className="notes" aria-label="What was done to the data">
          {about.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Samples shown={shown} classes={classes} />
      <Classes about={about} renamed={renamed} onRename={(found, text) => setRenamed({ ...renamed, [found]: text })} />
      <ReadOptions about={about} reading={reading} />
      <div className="own-end">
        <button
          type="button"
          className="primary"
          data-testid="own-train"
          disabled={isBusy}
          title="Keep these data in this browser and train on them."
          onClick={() => onKeep(name.trim() || about.name, classes, first === undefined ? '' : urlOf(first))}
        >
          Train on this
        </button>
        <button type="button" title="Choose other files." disabled={isBusy} onClick={() => reading.cancel()}>
          Back
        </button>
      </div>
    </div>
  );
}

function Facts({ about }: { readonly about: OwnAbout }) {
  const { format, grid, channels, samples, kind, classes, metric } = about;
  const what = grid.length === 2 ? 'images' : 'sequences';
  const colours = channels === 1 ? '1 channel' : `${channels} channels`;
  const answers =
    metric === 'relative-l2'
      ? `${classes.length} value${classes.length === 1 ? '' : 's'} a position`
      : `${classes.length} classes${kind === 'dense' ? ', one a position' : ''}`;
  const facts = [
    ['Format', format],
    ['Samples', `${grouped(samples.train)} to train on, ${grouped(samples.test)} held out`],
    ['Shape', `${what} of ${grid.join(' × ')}, ${colours}`],
    ['Answers', answers],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Samples({ shown, classes }: { readonly shown: readonly Shown[]; readonly classes: readonly string[] }) {
  const urls = useMemo(() => shown.map(urlOf), [shown]);
  return (
    <ul className="own-samples" aria-label="Some samples" data-testid="own-samples">
      {shown.map((sample, i) => (
        <li key={i} className={isPicture(sample) ? 'is-picture' : 'is-wave'}>
          <img src={urls[i]} alt="" />
          <span>{sample.label === null ? '' : classes[sample.label]}</span>
        </li>
      ))}
    </ul>
  );
}

interface ClassesProps {
  readonly about: OwnAbout;
  readonly renamed: Readonly<Record<string, string>>;
  readonly onRename: (found: string, text: string) => void;
}

function Classes({ about: { classes, counts, kind }, renamed, onRename }: ClassesProps) {
  return (
    <div className="own-classes">
      <table>
        <thead>
          <tr>
            <th scope="col">{counts.length === 0 ? 'Value' : 'Class'} (click to rename)</th>
            {counts.length > 0 && (
              <>
                <th scope="col">{kind === 'dense' ? 'positions to train on' : 'to train on'}</th>
                <th scope="col">held out</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {classes.map((found, index) => (
            <tr key={found}>
              <th scope="row">
                <input
                  type="text"
                  aria-label={`Name of ${found}`}
                  value={renamed[found] ?? found}
                  maxLength={40}
                  onChange={({ target }) => onRename(found, target.value)}
                />
              </th>
              {counts.length > 0 && (
                <>
                  <td className="digits">{grouped(counts[index]?.train ?? 0)}</td>
                  <td className="digits">{grouped(counts[index]?.test ?? 0)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const grouped = (count: number): string => count.toLocaleString('en');
