/** The run's controls: play and pause, single steps, back to the start; and how far it is. */
import type { Phase } from '../engine/protocol.ts';
import { formatTime } from '../figures/format.ts';
import { usePart, usePlayground } from './context.ts';
import { Icon } from './Icon.tsx';

const PHASES: Record<Phase, { readonly name: string; readonly help: string }> = {
  learning: { name: 'learning', help: 'All switched-on sizes and the weights learn together.' },
  'depth-frozen': { name: 'depth fixed', help: 'The number of blocks is fixed; the other sizes still learn.' },
  settled: { name: 'settled', help: 'All sizes are fixed whole numbers; only the weights learn.' },
};

export function Transport() {
  const playground = usePlayground();
  const status = usePart((state) => state.status);
  const playWanted = usePart((state) => state.playWanted);
  const seed = usePart((state) => state.settings.seed);
  const ready = status === 'paused' || status === 'playing';
  const running = status === 'playing' || playWanted;
  return (
    <section className="transport" aria-label="Run">
      <div className="buttons">
        <button
          type="button"
          data-testid="reset"
          className="quiet"
          disabled={!ready}
          title="Go back to step 0 with the same starting weights."
          onClick={() => playground.reset()}
        >
          <Icon name="reset" /> Reset
        </button>
        <button
          type="button"
          data-testid="play"
          className="primary"
          title={running ? 'Pause training (space).' : 'Train until you pause (space).'}
          onClick={() => playground.toggle()}
        >
          <Icon name={running ? 'pause' : 'play'} /> {running ? 'Pause' : 'Play'}
        </button>
        <button
          type="button"
          data-testid="step"
          className="quiet"
          disabled={!ready}
          title="Train one step and stop."
          onClick={() => playground.step()}
        >
          <Icon name="step" /> Step
        </button>
        <button
          type="button"
          data-testid="new-seed"
          className="quiet"
          title={`Start anew from other random weights; the seed now is ${seed}.`}
          onClick={() => playground.newSeed()}
        >
          <Icon name="dice" /> New seed
        </button>
      </div>
      <Progress />
      <SettleButton />
    </section>
  );
}

function Progress() {
  const step = usePart((state) => state.snapshot?.step ?? 0);
  const stepTime = usePart((state) => state.snapshot?.stepTime ?? NaN);
  const phase = usePart((state) => state.snapshot?.phase ?? 'learning');
  const words = usePart(({ status, loading, playWanted, probe }) => {
    if (status === 'loading') return `loading ${loading}${playWanted ? ', then plays' : ''} …`;
    // A run is ready before it is looked into only where programs for the GPU are on their way.
    if (probe === null && (status === 'paused' || status === 'playing')) return 'compiling …';
    return { idle: 'waiting', paused: 'paused', playing: 'training', failed: 'stopped' }[status];
  });
  return (
    <dl className="progress">
      <div title="Steps of gradient descent so far.">
        <dt>step</dt>
        <dd className="digits" data-testid="step-count">
          {step}
        </dd>
      </div>
      <div title="Median time of one step on this machine.">
        <dt>a step takes</dt>
        <dd className="digits time">{formatTime(stepTime)}</dd>
      </div>
      <div className="status" title={`What the engine is doing: ${words}.`}>
        <dt>status</dt>
        <dd data-testid="status">{words}</dd>
      </div>
      <div className="phase" title={PHASES[phase].help}>
        <dt>the sizes are</dt>
        <dd data-testid="phase">{PHASES[phase].name}</dd>
      </div>
    </dl>
  );
}

function SettleButton() {
  const playground = usePlayground();
  const phase = usePart((state) => state.snapshot?.phase ?? 'learning');
  const known = usePart((state) => state.snapshot !== null && state.status !== 'failed');
  return (
    <button
      type="button"
      data-testid="settle"
      disabled={!known || phase === 'settled'}
      title="Fix the sizes as whole numbers at the budget and train the weights alone; moving the budget frees them again."
      onClick={() => playground.settle()}
    >
      Settle
    </button>
  );
}
