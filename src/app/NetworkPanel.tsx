/** The network's picture, or its table, under a line that says how well it does. */
import { useState } from 'react';
import { formatPercent } from '../figures/format.ts';
import { NetworkFigure } from '../figures/NetworkFigure.tsx';
import { NetworkTable } from '../figures/NetworkTable.tsx';
import { usePart, usePlayground, useTask } from './context.ts';
import { explainScore, metricWords } from './metric.ts';
import { Panel } from './Panel.tsx';
import { SampleStepper } from './SampleStepper.tsx';
import { shownKernels, shownProbe, shownSnapshot } from './state.ts';
import { Stepper } from './Stepper.tsx';

const NO_CLASSES: readonly string[] = [];
const VIEWS = [
  ['picture', 'Picture'],
  ['table', 'Table'],
] as const;

export function NetworkPanel() {
  const architecture = usePart((state) => shownSnapshot(state)?.architecture ?? null);
  const kernels = usePart(shownKernels);
  const probe = usePart(shownProbe);
  const stale = usePart((state) => state.status === 'loading' && state.isStale && state.snapshot !== null);
  const classes = useTask(usePart((state) => state.shownTask))?.classes ?? NO_CLASSES;
  const [view, setView] = useState<'picture' | 'table'>('picture');
  const [wanted, setChannel] = useState(0);
  const channels = probe?.input.grid.length === 2 ? Math.max(1, ...probe.blocks.map((block) => block.channels)) : 0;
  const channel = channels > 0 ? wanted % channels : 0;
  return (
    <Panel name="network" question="What does the network look like now?" legend={<Legend />} aside={<Scores />}>
      <div className="network-tools">
        {view === 'picture' && <SampleStepper name="look" />}
        {view === 'picture' && channels > 0 && (
          <Stepper
            name="channel"
            label="channel"
            text={`channel ${channel + 1}`}
            help={`Which of the first ${channels} channels each block’s face shows`}
            short
            onStep={(by) => setChannel((channel + by + channels) % channels)}
          />
        )}
        <ToPresent />
        <div className="views" role="group" aria-label="How to show the network">
          {VIEWS.map(([name, text]) => (
            <button
              key={name}
              type="button"
              data-testid={`view-${name}`}
              aria-pressed={view === name}
              onClick={() => setView(name)}
            >
              {text}
            </button>
          ))}
        </div>
      </div>
      <div className={stale ? 'stage stale' : 'stage'}>
        {architecture === null ? (
          <p className="empty">The network appears here as soon as its data are loaded.</p>
        ) : view === 'table' ? (
          <NetworkTable architecture={architecture} />
        ) : (
          <NetworkFigure {...{ architecture, kernels, probe, classes, channel }} />
        )}
      </div>
    </Panel>
  );
}

function Legend() {
  return (
    <>
      Dashed: how large each block could be. Solid: what is really run, with what the sample becomes there. Framed on
      the face: the kernel at true size. The bar below: its share of the cost.{' '}
      <span className="heat-key">
        negative <i aria-hidden="true" /> positive; 0 is clear.
      </span>
    </>
  );
}

/** Leads back from an earlier step that is looked at. */
function ToPresent() {
  const playground = usePlayground();
  const lookedBack = usePart((state) => state.lookedBack);
  if (lookedBack === null) return null;
  return (
    <button
      type="button"
      data-testid="present"
      title="Show the network as it is now."
      onClick={() => playground.lookBack(null)}
    >
      Back from step {lookedBack} to now
    </button>
  );
}

function Scores() {
  const shown = usePart((state) => state.shownTask);
  const task = useTask(shown);
  // The history is mutable: its version says when to look again.
  usePart((state) => state.historyVersion);
  const held = usePart((state) => state.history.evaluations.at(-1) ?? null);
  const train = usePart((state) => state.snapshot?.trainMetric ?? NaN);
  const { short, format, hint } = metricWords(task);
  return (
    <dl className="scores">
      <div title={`On data that the network has never trained on.${hint}`}>
        <dt>held-out {short}</dt>
        <dd className="digits" data-testid="held-metric" data-value={held?.metric}>
          {format(held?.metric ?? NaN)}
        </dd>
      </div>
      <div title={`On the batches of the last steps.${hint}`}>
        <dt>in training</dt>
        <dd className="digits">{format(train)}</dd>
      </div>
      {held?.scores.map(({ name, value }) => (
        <div key={name} title={explainScore(name)}>
          <dt>{name}</dt>
          <dd className="digits">{formatPercent(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
