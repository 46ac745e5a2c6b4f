/** The panels under the network, each with the part of the state that it draws. */
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { KernelSample, Probe, RunSettings } from '../engine/protocol.ts';
import { CostFigure } from '../figures/CostFigure.tsx';
import { CurvesFigure } from '../figures/CurvesFigure.tsx';
import { DepthFigure } from '../figures/DepthFigure.tsx';
import { DownsamplingFigure } from '../figures/DownsamplingFigure.tsx';
import { useEasedShape, type Shape } from '../figures/ease.ts';
import { ForcesFigure } from '../figures/ForcesFigure.tsx';
import { formatDecimal } from '../figures/format.ts';
import { KernelsFigure } from '../figures/KernelsFigure.tsx';
import { WidthsFigure } from '../figures/WidthsFigure.tsx';
import { AnswerPanel, ConfusionPanel } from './AnswerPanel.tsx';
import { usePart, useTask } from './context.ts';
import { capitalised, formatPlain, metricWords } from './metric.ts';
import { Panel } from './Panel.tsx';
import { shownKernels, shownProbe, shownSnapshot } from './state.ts';
import { WhileSeen } from './WhileSeen.tsx';

export function Panels() {
  const snapshot = usePart(shownSnapshot);
  const scale = usePart((state) => state.forceScale);
  const shape = useMemo(
    () => snapshot && { architecture: snapshot.architecture, masks: snapshot.masks, depth: snapshot.depth, scale },
    [snapshot, scale],
  );
  if (shape === null) return null;
  return (
    <div className="panels">
      <AnswerPanel />
      <ConfusionPanel />
      <CostPanel />
      <CurvesPanel />
      <ShapePanels shape={shape} />
    </div>
  );
}

const usePlaying = () => usePart((state) => state.status === 'playing');

function CostPanel() {
  const history = usePart((state) => state.history);
  const version = usePart((state) => state.historyVersion);
  const playing = usePlaying();
  const legend = (
    <>
      MMAC a sample over the steps, a band a block. <span className="key budget-key" aria-hidden="true" /> your budget.
      Click a step to look back at it, Escape to return; drag over steps to enlarge them.
    </>
  );
  return (
    <Panel name="cost" question="Where does the compute go?" legend={legend}>
      <WhileSeen value={version} mayWait={playing}>
        {(shown) => <CostFigure points={history.points} version={shown} />}
      </WhileSeen>
    </Panel>
  );
}

function CurvesPanel() {
  const { points, evaluations } = usePart((state) => state.history);
  // The history is mutable: its version says when to look again.
  usePart((state) => state.historyVersion);
  const playing = usePlaying();
  const shown = usePart((state) => state.shownTask);
  const words = metricWords(useTask(shown));
  const curves = {
    loss: points.map(({ step, loss: value }) => ({ step, value })),
    heldLoss: evaluations.map(({ step, loss: value }) => ({ step, value })),
    metric: points.map(({ step, trainMetric: value }) => ({ step, value })),
    heldMetric: evaluations.map(({ step, metric: value }) => ({ step, value })),
  };
  const legend = (
    <>
      <span className="key train-key" aria-hidden="true" /> training
      <span className="key held-key" aria-hidden="true" /> held out, over the steps
      {words.smallerIsBetter ? '; less is better.' : '.'}
    </>
  );
  return (
    <Panel name="curves" question="How well does it do?" legend={legend}>
      <WhileSeen value={curves} mayWait={playing}>
        {({ loss, heldLoss, metric, heldMetric }) => (
          <>
            <CurvesFigure
              name="Loss"
              testId="train-loss"
              train={loss}
              held={heldLoss}
              format={formatDecimal}
              formatAxis={formatPlain}
            />
            <CurvesFigure
              name={capitalised(words.short)}
              train={metric}
              held={heldMetric}
              {...(words.range === null ? {} : { range: words.range })}
              format={words.format}
              formatAxis={words.formatAxis}
            />
          </>
        )}
      </WhileSeen>
    </Panel>
  );
}

/** The panels that draw the network's shape, which glides while any of them is on the screen. */
function ShapePanels({ shape: target }: { readonly shape: Shape }) {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const shape = useEasedShape(target, seen.size > 0);
  const samples = usePart(shownKernels);
  const spectra = usePart(shownProbe)?.spectra ?? NO_SPECTRA;
  const learned = usePart((state) => state.settings.learn);
  const value = useMemo(
    () => ({ ...shape, kernels: samples, spectra, learn: learned }),
    [shape, samples, spectra, learned],
  );
  const onSeen = useCallback((name: string, now: boolean) => {
    setSeen((before) => {
      const after = new Set(before);
      if (now) after.add(name);
      else after.delete(name);
      return after;
    });
  }, []);
  const flat = target.architecture.input.grid.length === 1;
  return (
    <>
      <ShapePanel
        name="forces"
        question="Why is it changing?"
        legend={
          <>
            The task and the budget pull on each size, and where they do not balance it changes.{' '}
            <span className="task-key" aria-hidden="true">
              ▶
            </span>{' '}
            above: the task;{' '}
            <span className="pull-key" aria-hidden="true">
              ◀
            </span>{' '}
            below: the budget; right: larger, left: smaller; as long as the root of the force, one scale for each
            letter: K kernel, R resolution, W width, D depth. ▲ grows, ▼ shrinks, – rests.
          </>
        }
        value={value}
        onSeen={onSeen}
      >
        {({ architecture, masks, depth, scale, learn }) => (
          <ForcesFigure architecture={architecture} masks={masks} depth={depth.force} scale={scale} learn={learn} />
        )}
      </ShapePanel>
      <ShapePanel
        name="kernels"
        question="How far does each layer look?"
        legend={
          <>
            Filled: how much of the input (dashed) a point after the block sees. Then the first channel’s continuous
            kernel with its taps as dots, and channels as sampled, all blocks at one scale. Dotted: where the mask falls
            to 0.1 and the kernel is cropped.
            {flat
              ? ' Up is positive, down negative; the continuous one is drawn wider where there is room.'
              : ' Orange is positive, blue negative.'}
          </>
        }
        value={value}
        onSeen={onSeen}
      >
        {({ architecture, masks, kernels }) => (
          <KernelsFigure architecture={architecture} kernels={kernels} masks={masks} />
        )}
      </ShapePanel>
      <ShapePanel
        name="downsampling"
        question="Where does it downsample?"
        legend={`Each block drops its input’s finest frequencies (hatched) and works on a smaller grid. Grained: what the data hold at each frequency, as the root of their power. Faint curve: a cut too mild to pay for itself, so none is made.${flat ? '' : ' Solid: down the image; dashed: across.'}`}
        value={value}
        onSeen={onSeen}
      >
        {({ architecture, masks, spectra }) => (
          <DownsamplingFigure architecture={architecture} masks={masks} spectra={spectra} />
        )}
      </ShapePanel>
      <ShapePanel
        name="widths"
        question="How wide is each layer?"
        legend="A mask over the channels; those past the threshold (hatched) are not computed."
        value={value}
        onSeen={onSeen}
      >
        {({ architecture, masks }) => <WidthsFigure architecture={architecture} masks={masks} />}
      </ShapePanel>
      <ShapePanel
        name="depth"
        question="How deep is it?"
        legend="A bar is a block’s gate; under the dashed line at 0.1 the block is not run."
        value={value}
        onSeen={onSeen}
      >
        {({ architecture, depth }) => (
          <DepthFigure architecture={architecture} cut={depth.cut} temperature={depth.temperature} />
        )}
      </ShapePanel>
    </>
  );
}

const NO_SPECTRA: Probe['spectra'] = [];

/** All that these panels draw, so that what is off the screen waits as a whole. */
interface Drawn extends Shape {
  readonly kernels: readonly KernelSample[];
  readonly spectra: Probe['spectra'];
  readonly learn: RunSettings['learn'];
}

interface ShapePanelProps {
  readonly name: string;
  readonly question: string;
  readonly legend: ReactNode;
  readonly value: Drawn;
  readonly onSeen: (name: string, seen: boolean) => void;
  readonly children: (drawn: Drawn) => ReactNode;
}

function ShapePanel({ name, question, legend, value, onSeen, children }: ShapePanelProps) {
  const playing = usePlaying();
  return (
    <Panel name={name} question={question} legend={legend}>
      <WhileSeen value={value} mayWait={playing} onSeen={(seen) => onSeen(name, seen)}>
        {children}
      </WhileSeen>
    </Panel>
  );
}
