/** The chosen sample with what the network answers, and the matrix of what it takes for what. */
import type { ReactNode } from 'react';
import { answerKind, type AnswerKind } from '../figures/answer.ts';
import { AnswerFigure } from '../figures/AnswerFigure.tsx';
import { ConfusionFigure } from '../figures/ConfusionFigure.tsx';
import type { Task } from '../tasks/task.ts';
import { usePart, useTask } from './context.ts';
import { backgroundOf } from './metric.ts';
import { Panel } from './Panel.tsx';
import { SampleStepper } from './SampleStepper.tsx';
import { shownConfusion, shownProbe } from './state.ts';
import { TryPanel } from './TryPanel.tsx';
import { WhileSeen } from './WhileSeen.tsx';

const NONE: readonly string[] = [];

const LEGENDS: Readonly<Record<AnswerKind, ReactNode>> = {
  picture: 'The picture, and how probable the network thinks each class. ◆ marks the truth.',
  wave: 'The sample over time, and how probable the network thinks each class. ◆ marks the truth.',
  tokens: 'What the network reads, and how probable it thinks each class. ◆ marks the truth.',
  trace:
    'Behind the signal: what the network marks. Beneath: where it is wrong, and what is true, higher the later the class.',
  mask: 'On the picture: what the network marks, the edge of what is true, and where the two differ.',
  line: 'The field over its axis: the true one thin, the answer broad behind it.',
  field: 'Truth and answer on one scale, and what lies between them.',
};

export function AnswerPanel() {
  const probe = usePart(shownProbe);
  const playing = usePart((state) => state.status === 'playing');
  const task = useTask(usePart((state) => state.shownTask));
  if (task === undefined) return null;
  const legend = probe === null ? undefined : LEGENDS[answerKind(probe)];
  return (
    <Panel name="answer" question="What does it answer?" legend={legend}>
      <div className="network-tools">
        <SampleStepper name="answer-look" />
      </div>
      {probe !== null && <TryPanel key={task.id} task={task} probe={probe} />}
      {probe === null ? (
        <p className="empty">The answer appears here as soon as there is one.</p>
      ) : (
        <WhileSeen value={probe} mayWait={playing}>
          {(shown) => (
            <AnswerFigure
              probe={shown}
              classes={task.classes}
              tokens={task.tokens ?? NONE}
              background={backgroundOf(task)}
              seconds={secondsOf(task)}
            />
          )}
        </WhileSeen>
      )}
    </Panel>
  );
}

const secondsOf = ({ grid, sampling }: Task): number | null =>
  sampling === undefined ? null : (grid[0] ?? 0) / sampling.rate;

export function ConfusionPanel() {
  const task = useTask(usePart((state) => state.shownTask));
  // The history is mutable: its version says when to look again.
  usePart((state) => state.historyVersion);
  const counts = usePart(shownConfusion);
  if (task === undefined || task.field !== undefined) return null;
  const what = task.kind === 'dense' ? 'positions' : 'samples';
  return (
    <Panel
      name="confusion"
      question="What does it take for what?"
      legend={`All held-out ${what}: rows are the truth, columns the answer. Blue, on the diagonal: right; orange: wrong; the fuller, the larger the part of its row.`}
    >
      {counts?.length === task.classes.length ** 2 ? (
        <ConfusionFigure names={task.classes} counts={counts} />
      ) : (
        <p className="empty">It appears here after the first look at all held-out data.</p>
      )}
    </Panel>
  );
}
