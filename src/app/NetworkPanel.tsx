/** The network's picture under a line that says how well it does. */
import type { ProbeOutput } from '../engine/protocol.ts';
import { formatPercent } from '../figures/format.ts';
import { NetworkFigure } from '../figures/NetworkFigure.tsx';
import { IGNORE } from '../tasks/task.ts';
import { usePart, usePlayground, useTask } from './context.ts';
import { Panel } from './Panel.tsx';
import { shownKernels, shownProbe, shownSnapshot } from './state.ts';

export function NetworkPanel() {
  const architecture = usePart((state) => shownSnapshot(state)?.architecture ?? null);
  const kernels = usePart(shownKernels);
  const probe = usePart(shownProbe);
  const stale = usePart((state) => state.status === 'loading' && state.snapshot !== null);
  const legend = (
    <>
      Dashed: how large each block could be. Solid: what is really run, with what the sample gives there (orange
      positive, blue negative). Square on the face: the kernel at true size. The bar below: its share of the cost.
    </>
  );
  return (
    <Panel name="network" question="What does the network look like now?" legend={legend} aside={<Scores />}>
      <SampleLine />
      <div className={stale ? 'stage stale' : 'stage'}>
        {architecture === null ? (
          <p className="empty">The network appears here as soon as its data are loaded.</p>
        ) : (
          <NetworkFigure architecture={architecture} kernels={kernels} probe={probe} />
        )}
      </div>
    </Panel>
  );
}

/** Which held-out sample flows through the network, and what the network says of it. */
function SampleLine() {
  const playground = usePlayground();
  const probe = usePart(shownProbe);
  const shown = usePart((state) => state.shownTask);
  const lookedBack = usePart((state) => state.lookedBack);
  const classes = useTask(shown)?.classes ?? [];
  if (probe === null) return null;
  const { sample, count, output } = probe;
  return (
    <div className="sample-line">
      <button
        type="button"
        data-testid="look-previous"
        title="Show the held-out sample before this one."
        aria-label="Previous sample"
        onClick={() => playground.look(sample - 1)}
      >
        ‹
      </button>
      <span className="digits">
        Sample {sample + 1} of {count}
      </span>
      <button
        type="button"
        data-testid="look-next"
        title="Show the held-out sample after this one."
        aria-label="Next sample"
        onClick={() => playground.look(sample + 1)}
      >
        ›
      </button>
      <span data-testid="answer">{answer(output, classes)}</span>
      {lookedBack !== null && (
        <button
          type="button"
          data-testid="present"
          title="Show the network as it is now."
          onClick={() => playground.lookBack(null)}
        >
          Back from step {lookedBack} to now
        </button>
      )}
    </div>
  );
}

function answer(output: ProbeOutput, classes: readonly string[]): string {
  if (output.kind === 'classes') {
    const best = output.probabilities.indexOf(Math.max(...output.probabilities));
    const verdict = best === output.truth ? '✓ right' : `✗ it is ${classes[output.truth] ?? ''}`;
    return `“${classes[best] ?? ''}” (${formatPercent(output.probabilities[best] ?? NaN, 0)}): ${verdict}`;
  }
  const counted = Array.from(output.truth.keys()).filter((i) => output.truth[i] !== IGNORE);
  const right = counted.filter((i) => output.truth[i] === output.classes[i]).length;
  return `${formatPercent(right / counted.length, 0)} of its positions right`;
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
