/** The network's picture under a line that says how well it does. */
import { formatPercent } from '../figures/format.ts';
import { NetworkFigure } from '../figures/NetworkFigure.tsx';
import { usePart, useTask } from './context.ts';
import { Panel } from './Panel.tsx';

export function NetworkPanel() {
  const architecture = usePart((state) => state.snapshot?.architecture ?? null);
  const kernels = usePart((state) => state.kernels);
  const stale = usePart((state) => state.status === 'loading' && state.snapshot !== null);
  const legend = (
    <>
      Dashed: how large each block could be. Solid: what is really run. Square on the face: the kernel at true size. The
      bar below: its share of the cost.
    </>
  );
  return (
    <Panel name="network" question="What does the network look like now?" legend={legend} aside={<Scores />}>
      <div className={stale ? 'stage stale' : 'stage'}>
        {architecture === null ? (
          <p className="empty">The network appears here as soon as its data are loaded.</p>
        ) : (
          <NetworkFigure architecture={architecture} kernels={kernels} />
        )}
      </div>
    </Panel>
  );
}

function Scores() {
  const shown = usePart((state) => state.shownTask);
  const task = useTask(shown);
  // The history is mutable: its version says when to look again.
  usePart((state) => state.historyVersion);
  const held = usePart((state) => state.history.evaluations.at(-1) ?? null);
  const train = usePart((state) => state.snapshot?.trainMetric ?? NaN);
  const what = task?.kind === 'dense' ? 'positions right' : 'right answers';
  return (
    <dl className="scores">
      <div title="On data that the network has never trained on.">
        <dt>held-out {what}</dt>
        <dd className="digits" data-testid="held-metric" data-value={held?.metric}>
          {formatPercent(held?.metric ?? NaN)}
        </dd>
      </div>
      <div title="On the batches of the last steps.">
        <dt>in training</dt>
        <dd className="digits">{formatPercent(train)}</dd>
      </div>
      {held?.f1.map(({ name, value }) => (
        <div key={name} title={`F1 of ${name} on held-out data: the harmonic mean of precision and recall.`}>
          <dt>F1 {name}</dt>
          <dd className="digits">{formatPercent(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
