/** The page: what to learn on the left, the network and its figures on the right, the run's controls on top. */
import { useEffect } from 'react';
import { Hatching } from '../figures/MaskCurve.tsx';
import { BackendPanel } from './BackendPanel.tsx';
import { BudgetControl } from './BudgetControl.tsx';
import { usePart, usePlayground } from './context.ts';
import { LearnSwitches } from './LearnSwitches.tsx';
import { Failure, Notices } from './Messages.tsx';
import { NetworkPanel } from './NetworkPanel.tsx';
import { Panels } from './Panels.tsx';
import { RunSettingsPanel } from './SettingControl.tsx';
import { TaskCards } from './TaskCards.tsx';
import { ThemeButton } from './ThemeButton.tsx';
import { Transport } from './Transport.tsx';

export function App() {
  useSpaceBar();
  return (
    <>
      <Hatching />
      <header className="masthead">
        <div className="brand">
          <h1>DNArch playground</h1>
          <p>A convolutional network learns its own architecture by backpropagation. You set what it may cost.</p>
        </div>
        <ThemeButton />
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
          <NetworkPanel />
          <Panels />
        </main>
        <aside className="tune" aria-label="Settings">
          <LearnSwitches />
          <RunSettingsPanel />
          <BackendPanel />
        </aside>
      </div>
      <Announcer />
    </>
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
