/** The panels under the network, each with the part of the state that it draws. */
import { CostFigure } from '../figures/CostFigure.tsx';
import { CurvesFigure } from '../figures/CurvesFigure.tsx';
import { DepthFigure } from '../figures/DepthFigure.tsx';
import { DownsamplingFigure } from '../figures/DownsamplingFigure.tsx';
import { ForcesFigure } from '../figures/ForcesFigure.tsx';
import { formatLoss, formatPercent } from '../figures/format.ts';
import { KernelsFigure } from '../figures/KernelsFigure.tsx';
import { WidthsFigure } from '../figures/WidthsFigure.tsx';
import { usePart, useTask } from './context.ts';
import { Panel } from './Panel.tsx';

export function Panels() {
  const known = usePart((state) => state.snapshot !== null);
  if (!known) return null;
  return (
    <div className="panels">
      <CostPanel />
      <CurvesPanel />
      <ForcesPanel />
      <ShapePanels />
    </div>
  );
}

function CostPanel() {
  const history = usePart((state) => state.history);
  const version = usePart((state) => state.historyVersion);
  const legend = (
    <>
      MMAC a sample over the steps, a band a block. <span className="key budget-key" aria-hidden="true" /> the line is
      your budget.
    </>
  );
  return (
    <Panel name="cost" question="Where does the compute go?" legend={legend}>
      <CostFigure points={history.points} version={version} />
    </Panel>
  );
}

function CurvesPanel() {
  const { points, evaluations } = usePart((state) => state.history);
  usePart((state) => state.historyVersion);
  const loss = usePart((state) => state.snapshot?.taskLoss ?? NaN);
  const shown = usePart((state) => state.shownTask);
  const task = useTask(shown);
  const metric = task?.kind === 'dense' ? 'Positions right' : 'Right answers';
  const held = evaluations.at(-1);
  const legend = (
    <>
      <span className="key train-key" aria-hidden="true" /> training
      <span className="key held-key" aria-hidden="true" /> held out, over the steps.
    </>
  );
  return (
    <Panel name="curves" question="Is it getting better?" legend={legend}>
      <p className="reading">
        Loss{' '}
        <b className="digits" data-testid="train-loss" data-value={Number.isFinite(loss) ? loss : undefined}>
          {formatLoss(loss)}
        </b>{' '}
        held out <b className="digits">{formatLoss(held?.loss ?? NaN)}</b>
      </p>
      <CurvesFigure
        label={`Loss: training ${formatLoss(loss)}, held out ${formatLoss(held?.loss ?? NaN)}.`}
        train={points.map(({ step, loss: value }) => ({ step, value }))}
        held={evaluations.map(({ step, loss: value }) => ({ step, value }))}
        format={(value) => value.toFixed(1)}
      />
      <p className="reading">{metric}</p>
      <CurvesFigure
        label={`${metric}: held out ${formatPercent(held?.metric ?? NaN)}.`}
        train={points.map(({ step, trainMetric: value }) => ({ step, value }))}
        held={evaluations.map(({ step, metric: value }) => ({ step, value }))}
        range={[0, 1]}
        format={(value) => formatPercent(value, 0)}
      />
    </Panel>
  );
}

function ForcesPanel() {
  const snapshot = usePart((state) => state.snapshot);
  const scale = usePart((state) => state.forceScale);
  const learn = usePart((state) => state.settings.learn);
  if (snapshot === null) return null;
  const legend = (
    <>
      <span className="key task-key" aria-hidden="true">
        ▶
      </span>{' '}
      above: the task;{' '}
      <span className="key pull-key" aria-hidden="true">
        ◀
      </span>{' '}
      below: the budget. To the right: wants it larger; to the left: smaller.
    </>
  );
  return (
    <Panel name="forces" question="What pulls on each size?" legend={legend}>
      <ForcesFigure
        architecture={snapshot.architecture}
        masks={snapshot.masks}
        depth={snapshot.depth.force}
        scale={scale}
        learn={learn}
      />
    </Panel>
  );
}

function ShapePanels() {
  const snapshot = usePart((state) => state.snapshot);
  const kernels = usePart((state) => state.kernels);
  if (snapshot === null) return null;
  const { architecture, masks, depth } = snapshot;
  const flat = architecture.input.grid.length === 1;
  return (
    <>
      <Panel
        name="kernels"
        question="How far does each block look?"
        legend={
          <>
            Kernels as they are now, all at one scale. Dotted: where the mask falls to 0.1 and the kernel is cropped.
            {flat ? ' Up is positive, down negative.' : ' Orange is positive, blue negative.'}
          </>
        }
      >
        <KernelsFigure architecture={architecture} kernels={kernels} masks={masks} />
      </Panel>
      <Panel
        name="downsampling"
        question="Where does it downsample?"
        legend={`Each block drops its input’s finest frequencies (hatched) and works on a smaller grid. Faint: a cut too mild to pay for itself, so none is made.${flat ? '' : ' Solid: down the image; dashed: across.'}`}
      >
        <DownsamplingFigure architecture={architecture} masks={masks} />
      </Panel>
      <Panel
        name="widths"
        question="How many channels does each block keep?"
        legend="A mask over the channels; those past the threshold (hatched) are not computed."
      >
        <WidthsFigure architecture={architecture} masks={masks} />
      </Panel>
      <Panel
        name="depth"
        question="How many blocks does it need?"
        legend="A bar is a block’s gate; under the dashed line at 0.1 the block is not run."
      >
        <DepthFigure architecture={architecture} depth={depth} />
      </Panel>
    </>
  );
}
