/** What the page knows, and how each message of the engine changes it. No DOM and no worker in here. */
import { describeArchitecture } from '../architecture/describe.ts';
import type { BackendName, BackendReport, FromEngine, KernelSample, Probe, Snapshot } from '../engine/protocol.ts';
import type { StepRange } from '../figures/focus.ts';
import { forcesOf } from '../figures/forces.ts';
import { formatMacs, formatPercent } from '../figures/format.ts';
import type { OwnEntry } from '../own/store.ts';
import type { Task } from '../tasks/task.ts';
import { History } from './history.ts';
import { metricWords } from './metric.ts';
import type { PageSettings } from './settings.ts';

export type Status = 'idle' | 'loading' | 'paused' | 'playing' | 'failed';

export type Failure = Omit<Extract<FromEngine, { type: 'failure' }>, 'type'>;

export interface State {
  readonly settings: PageSettings;
  /** All that can be chosen: those of the page, then those of the user's own data. */
  readonly tasks: readonly Task[];
  /** The user's own data that this browser keeps, the oldest first. */
  readonly own: readonly OwnEntry[];
  readonly status: Status;
  /** What is being loaded, in words. */
  readonly loading: string;
  /** What is shown is of a run that has ended, while another one loads. */
  readonly isStale: boolean;
  /** Play was asked for before the run was ready. */
  readonly playWanted: boolean;
  readonly snapshot: Snapshot | null;
  /** Task of `snapshot`, which stays on the screen while another one loads. */
  readonly shownTask: string;
  /** The last kernels that were sent; most snapshots come without. */
  readonly kernels: readonly KernelSample[];
  /** The chosen sample inside the network, as it was last sent. */
  readonly probe: Probe | null;
  /** Step of the history that is shown instead of the present; null for the present. */
  readonly lookedBack: number | null;
  /** Block that is pointed at, and the one that was chosen, in any figure. */
  readonly pointed: number | null;
  readonly chosen: number | null;
  /** Step that is pointed at in a chart. */
  readonly pointedStep: number | null;
  /** First and last step that the charts over steps show; null for all. */
  readonly stepRange: StepRange | null;
  readonly history: History;
  /** Counts the changes of `history`, which is mutable. */
  readonly historyVersion: number;
  /** Largest recent force on each axis, which sets the scale of the arrows; decays slowly so that they stay calm. */
  readonly forceScale: ForceScale;
  /** Least and largest input of the run's network; null before there is one. */
  readonly inputRange: readonly [number, number] | null;
  readonly backend: BackendName | null;
  readonly backends: readonly BackendReport[];
  readonly failure: Failure | null;
  readonly notices: readonly string[];
  /** What a screen reader is told next. */
  readonly announcement: string;
}

export interface ForceScale {
  readonly K: number;
  readonly R: number;
  readonly W: number;
  readonly D: number;
}

const NO_FORCE: ForceScale = { K: 0, R: 0, W: 0, D: 0 };
const FORCE_DECAY = 0.97;

export type FirstState = Pick<State, 'settings' | 'tasks' | 'own' | 'notices'>;

export function initialState({ settings, tasks, own, notices }: FirstState): State {
  return {
    settings,
    tasks,
    own,
    status: 'idle',
    loading: '',
    isStale: false,
    playWanted: false,
    snapshot: null,
    shownTask: settings.task,
    kernels: [],
    probe: null,
    lookedBack: null,
    pointed: null,
    chosen: null,
    pointedStep: null,
    stepRange: null,
    history: new History(),
    historyVersion: 0,
    forceScale: NO_FORCE,
    inputRange: null,
    backend: null,
    backends: [],
    failure: null,
    notices,
    announcement: '',
  };
}

/** The state after a message. History is written in place; everything else is new. */
export function receive(state: State, message: FromEngine): State {
  switch (message.type) {
    case 'loading': {
      const part = message.part === null ? '' : `, ${formatPercent(message.part, 0)}`;
      const isStale = state.isStale || message.what !== 'the data';
      return { ...state, status: 'loading', loading: message.what + part, isStale };
    }
    case 'ready': {
      state.history.clear();
      const fresh: State = {
        ...state,
        status: 'paused',
        isStale: false,
        shownTask: message.settings.task,
        kernels: [],
        probe: null,
        lookedBack: null,
        pointedStep: null,
        stepRange: null,
        chosen: null,
        forceScale: NO_FORCE,
        inputRange: message.inputRange,
        backend: message.backend,
        backends: message.backends,
        failure: null,
      };
      return withSnapshot(fresh, message.snapshot);
    }
    case 'snapshot':
      return withSnapshot(state, message.snapshot);
    case 'playing':
      // A word of the run before, which no longer counts.
      if (state.status === 'loading' || state.status === 'failed') return state;
      return {
        ...state,
        status: message.playing ? 'playing' : 'paused',
        announcement: message.playing ? 'Training.' : describePause(state),
      };
    case 'evaluation':
      state.history.evaluate(message.evaluation);
      return { ...state, historyVersion: state.historyVersion + 1 };
    case 'failure': {
      const { message: what, remedy, fatal } = message;
      const status = fatal ? 'failed' : state.status;
      return { ...state, status, playWanted: state.playWanted && !fatal, failure: { message: what, remedy, fatal } };
    }
    case 'refused': {
      const title = state.tasks.find(({ id }) => id === message.settings.task)?.title ?? message.settings.task;
      return {
        ...state,
        status: message.playing ? 'playing' : 'paused',
        playWanted: false,
        failure: {
          message: `“${title}” cannot begin: ${message.reason}.`,
          remedy: 'The run before goes on as it was.',
          fatal: false,
        },
      };
    }
  }
}

/** The state of the network that the figures draw: the present, or the step that is looked back at. */
export function shownSnapshot({ lookedBack, history, snapshot }: State): Snapshot | null {
  return lookedBack === null ? snapshot : (history.at(lookedBack)?.snapshot ?? snapshot);
}

/** The kernels and the sample that belong to `shownSnapshot`. */
export function shownKernels({ lookedBack, history, kernels }: State): readonly KernelSample[] {
  return lookedBack === null ? kernels : (history.samplesAt(lookedBack)?.kernels ?? kernels);
}

export function shownProbe({ lookedBack, history, probe }: State): Probe | null {
  return lookedBack === null ? probe : (history.samplesAt(lookedBack)?.probe ?? probe);
}

/** How often which class was taken for which, as last measured up to the step that is shown. */
export function shownConfusion({ lookedBack, history }: State): readonly number[] | null {
  return history.confusionAt(lookedBack ?? Infinity);
}

/** A snapshot with no step since the one before has no means; the last ones then still stand. */
function withMeans(snapshot: Snapshot, before: Snapshot | null): Snapshot {
  if (Number.isFinite(snapshot.taskLoss) || before === null || snapshot.step === 0) return snapshot;
  const { loss, taskLoss, budgetLoss, trainMetric } = before;
  return { ...snapshot, loss, taskLoss, budgetLoss, trainMetric };
}

function withSnapshot(state: State, received: Snapshot): State {
  const { history } = state;
  const snapshot = withMeans(received, state.snapshot);
  const last = history.points.at(-1);
  // A step back means that the run was reset.
  const reset = last !== undefined && snapshot.step < last.step;
  if (reset) history.clear();
  history.push(snapshot);
  return {
    ...state,
    ...(reset ? { lookedBack: null, pointedStep: null, stepRange: null } : {}),
    snapshot,
    kernels: snapshot.kernels ?? state.kernels,
    probe: snapshot.probe ?? state.probe,
    historyVersion: state.historyVersion + 1,
    forceScale: nextScale(state.forceScale, snapshot),
  };
}

function nextScale(scale: ForceScale, snapshot: Snapshot): ForceScale {
  const forces = snapshot.masks.map(forcesOf);
  const depth = snapshot.depth.force;
  const largest = (axis: 'K' | 'R' | 'W') =>
    forces.reduce(
      (most, force) => Math.max(most, Math.abs(force[axis].task), Math.abs(force[axis].budget)),
      FORCE_DECAY * scale[axis],
    );
  return {
    K: largest('K'),
    R: largest('R'),
    W: largest('W'),
    D: Math.max(Math.abs(depth.task), Math.abs(depth.budget), FORCE_DECAY * scale.D),
  };
}

/** One sentence a block, said when training pauses. */
export function describePause({ snapshot, history, shownTask, tasks }: State): string {
  if (snapshot === null) return '';
  const { architecture } = snapshot;
  const held = history.evaluations.at(-1);
  const words = metricWords(tasks.find(({ id }) => id === shownTask));
  const metric = held === undefined ? '' : `Held-out ${words.name} ${words.format(held.metric)}. `;
  const cost = `It costs ${formatMacs(architecture.macs)} of a budget of ${formatMacs(snapshot.target)}. `;
  return `Paused at step ${snapshot.step}. ${metric}${cost}${describeArchitecture(architecture)}`;
}
