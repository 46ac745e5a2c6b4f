/** A card of own data, with a little panel to rename or remove them. */
import { useId, useState } from 'react';
import { OwnStore, type OwnEntry } from '../own/store.ts';
import { usePlayground } from './context.ts';

interface Props {
  readonly entry: OwnEntry;
  readonly isChosen: boolean;
}

export function OwnCard({ entry, isChosen }: Props) {
  const playground = usePlayground();
  const [open, setOpen] = useState(false);
  const { id, about, thumbnail } = entry;
  return (
    <div className="own-card">
      <label
        className="card"
        data-testid={`task-${id}`}
        title={`${about.name}: ${about.format}, kept in this browser.`}
      >
        <input type="radio" name="task" value={id} checked={isChosen} onChange={() => playground.change('task', id)} />
        {thumbnail === '' ? <span /> : <img src={thumbnail} alt="" width={84} height={55} />}
        <strong>{about.name}</strong>
      </label>
      <button
        type="button"
        className="quiet"
        data-testid="own-edit"
        aria-expanded={open}
        aria-label={`Rename or remove ${about.name}`}
        title="Rename or remove these data."
        onClick={() => setOpen(!open)}
      >
        ⋯
      </button>
      {open && <Edit entry={entry} onDone={() => setOpen(false)} />}
    </div>
  );
}

function Edit({ entry, onDone }: { readonly entry: OwnEntry; readonly onDone: () => void }) {
  const playground = usePlayground();
  const [name, setName] = useState(entry.about.name);
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useId();

  const attempt = async (job: () => Promise<void>) => {
    try {
      await job();
      onDone();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const rename = () =>
    attempt(async () => {
      const wanted = name.trim();
      if (wanted !== '' && wanted !== entry.about.name) {
        playground.renameOwn(await new OwnStore().rename(entry, wanted));
      }
    });
  const remove = () =>
    attempt(async () => {
      await new OwnStore().remove(entry.id);
      playground.removeOwn(entry.id);
    });

  return (
    <form
      className="own-edit"
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <label htmlFor={field}>Name</label>
      <input id={field} type="text" value={name} maxLength={60} onChange={({ target }) => setName(target.value)} />
      <div className="buttons">
        <button type="submit" title="Use this name from now on.">
          Rename
        </button>
        {sure ? (
          <button
            type="button"
            className="danger"
            data-testid="own-remove-sure"
            title="Delete these data from this browser; your files stay."
            onClick={() => void remove()}
          >
            Yes, remove
          </button>
        ) : (
          <button
            type="button"
            data-testid="own-remove"
            title="Delete these data from this browser; you are asked once more."
            onClick={() => setSure(true)}
          >
            Remove…
          </button>
        )}
      </div>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}.
        </p>
      )}
    </form>
  );
}
