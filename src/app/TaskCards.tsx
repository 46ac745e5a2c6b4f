/** The tasks as cards with some of their samples, and where the chosen one's data come from. */
import { usePart, usePlayground, useTask } from './context.ts';

export function TaskCards() {
  const playground = usePlayground();
  const chosen = usePart((state) => state.settings.task);
  const { label, help } = playground.table.task;
  return (
    <section className="tasks">
      <fieldset>
        <legend title={help}>{label}</legend>
        <div className="cards">
          {playground.tasks.map(({ id, title, description, thumbnail }) => (
            <label key={id} className="card" data-testid={`task-${id}`} title={description}>
              <input
                type="radio"
                name="task"
                value={id}
                checked={id === chosen}
                onChange={() => playground.change('task', id)}
              />
              <img src={import.meta.env.BASE_URL + thumbnail} alt="" width={84} height={55} />
              <strong>{title}</strong>
              <span className="description">{description}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <SourceNote task={chosen} />
    </section>
  );
}

function SourceNote({ task: id }: { readonly task: string }) {
  const task = useTask(id);
  if (task === undefined) return null;
  const { source, classes, description } = task;
  return (
    <div className="source" data-testid="source">
      <p className="chosen">{description}</p>
      <p className="answers">
        <strong>Answers:</strong> {classes.join(', ')}.
      </p>
      <p>
        <strong>Source:</strong>{' '}
        <a href={source.url} target="_blank" rel="noreferrer" title={`Open the home of ${source.name}.`}>
          {source.name}
        </a>
        , licence {source.licence}. {source.note}
      </p>
    </div>
  );
}
