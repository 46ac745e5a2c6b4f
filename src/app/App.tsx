/** The page: what to learn on the left, the network and its figures on the right, the run's controls on top. */
import { lazy, Suspense, useEffect, useMemo, type ReactNode } from 'react';
import { FocusContext, TimeContext, type StepRange } from '../figures/focus.ts';
import { BackendPanel } from './BackendPanel.tsx';
import { BudgetControl } from './BudgetControl.tsx';
import { usePart, usePlayground } from './context.ts';
import { LearnSwitches } from './LearnSwitches.tsx';
import { Failure, Notices } from './Messages.tsx';
import { RunSettingsPanel } from './SettingControl.tsx';
import { TaskCards } from './TaskCards.tsx';
import { Tooltip } from './Tooltip.tsx';
import { Transport } from './Transport.tsx';
import { ProjectorButton, ThemeButton } from './ViewButtons.tsx';

// The figures have nothing to draw until the engine answers: they come while it starts, and the page can be used without them.
const figures = import('./Figures.tsx');
const Figures = lazy(async () => ({ default: (await figures).Figures }));

export function App() {
  useSpaceBar();
  return (
    <>
      <header className="masthead">
        <div className="brand">
          <h1>DNArch playground</h1>
          <p>A convolutional network learns its own architecture by backpropagation. You set what it may cost.</p>
        </div>
        <div className="view-buttons">
          <ProjectorButton />
          <ThemeButton />
        </div>
      </header>
      <Transport />
      <div className="messages">
        <Failure />
        <Notices />
      </div>
      <div className="columns">
        <aside className="choose" aria-label="Data">
          <TaskCards />
        </aside>
        <main>
          <BudgetControl />
          <Linked>
            <Suspense fallback={null}>
              <Figures />
            </Suspense>
          </Linked>
        </main>
        <aside className="tune" aria-label="Settings">
          <LearnSwitches />
          <RunSettingsPanel />
          <BackendPanel />
        </aside>
      </div>
      <Announcer />
      <Tooltip />
    </>
  );
}

/** Links the figures: what is pointed at in one lights up in all. */
function Linked({ children }: { readonly children: ReactNode }) {
  const playground = usePlayground();
  const pointed = usePart((state) => state.pointed);
  const chosen = usePart((state) => state.chosen);
  const step = usePart((state) => state.pointedStep);
  const lookedBack = usePart((state) => state.lookedBack);
  const range = usePart((state) => state.stepRange);
  const focus = useMemo(
    () => ({
      block: pointed ?? chosen,
      chosen,
      point: (block: number | null) => playground.point(block),
      choose: (block: number | null) => playground.choose(block),
    }),
    [playground, pointed, chosen],
  );
  const time = useMemo(
    () => ({
      step,
      lookedBack,
      range,
      pointAtStep: (at: number | null) => playground.pointAtStep(at),
      lookBack: (at: number | null) => playground.lookBack(at),
      zoom: (steps: StepRange | null) => playground.zoom(steps),
    }),
    [playground, step, lookedBack, range],
  );
  return (
    <FocusContext value={focus}>
      <TimeContext value={time}>{children}</TimeContext>
    </FocusContext>
  );
}

function Announcer() {
  const announcement = usePart((state) => state.announcement);
  return (
    <p className="unseen" aria-live="polite">
      {announcement}
    </p>
  );
}

/** Space plays and pauses, save where it already means something. */
function useSpaceBar() {
  const playground = usePlayground();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const taken =
        event.target instanceof Element && event.target.closest('button, a, select, summary, input:not([type=range])');
      if (event.code !== 'Space' || event.repeat || taken) return;
      event.preventDefault();
      playground.toggle();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [playground]);
}
