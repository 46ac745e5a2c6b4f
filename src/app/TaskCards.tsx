/** The tasks as small cards by what they are about; then what the chosen one is, and where its data come from. */
import { useId } from 'react';
import { isOwnId } from '../own/store.ts';
import type { Task } from '../tasks/task.ts';
import { usePart, usePlayground, useTask } from './context.ts';
import { OwnCards } from './OwnCards.tsx';
import { groupTasks } from './taskGroups.ts';

export function TaskCards() {
  const playground = usePlayground();
  const chosen = usePart((state) => state.settings.task);
  const tasks = usePart((state) => state.tasks);
  const { label, help } = playground.table.task;
  return (
    <section className="tasks">
      <fieldset>
        <legend title={help}>{label}</legend>
        <div className="task-groups">
          <OwnCards chosen={chosen} />
          {groupTasks(tasks.filter(({ id }) => !isOwnId(id))).map(({ name, tasks: inGroup }) => (
            <Group key={name} name={name} tasks={inGroup} chosen={chosen} />
          ))}
        </div>
      </fieldset>
      <SourceNote task={chosen} />
    </section>
  );
}

interface GroupProps {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly chosen: string;
}

/** All groups are one choice, through which the arrow keys walk. */
function Group({ name, tasks, chosen }: GroupProps) {
  const playground = usePlayground();
  const heading = useId();
  return (
    <div className="task-group" role="group" aria-labelledby={heading}>
      <p id={heading}>{name}</p>
      <div className="cards">
        {tasks.map(({ id, title, description, thumbnail }) => (
          <label key={id} className="card" data-testid={`task-${id}`} title={description}>
            <input
              type="radio"
              name="task"
              value={id}
              checked={id === chosen}
              onChange={() => playground.change('task', id)}
            />
            <img src={import.meta.env.BASE_URL + thumbnail} alt="" width={84} height={55} loading="lazy" />
            <strong>{title}</strong>
          </label>
        ))}
      </div>
    </div>
  );
}

/** Of a hundred names, so many are told. */
const MOST_NAMES = 12;

function SourceNote({ task: id }: { readonly task: string }) {
  const task = useTask(id);
  if (task === undefined) return null;
  const { source, classes, description } = task;
  const more = classes.length > MOST_NAMES + 1 ? classes.length - MOST_NAMES : 0;
  const names = classes.slice(0, classes.length - more).join(', ');
  return (
    <div className="source" data-testid="source">
      <p className="chosen">{description}</p>
      <p className="answers">
        <strong>Answers:</strong> {names}
        {more > 0 ? ` and ${more} more` : ''}.
      </p>
      <p>
        <strong>Source:</strong>{' '}
        {source.url === '' ? (
          source.name
        ) : (
          <a href={source.url} target="_blank" rel="noreferrer" title={`Open the home of ${source.name}.`}>
            {source.name}
          </a>
        )}
        , licence {source.licence}. {source.note}
      </p>
    </div>
  );
}
