/** Opens what lets a person try the network on a sample of their own, and leads back to the held-out ones. */
import { useState, type ComponentType } from 'react';
import type { Probe } from '../engine/protocol.ts';
import type { Task } from '../tasks/task.ts';
import { usePart, usePlayground } from './context.ts';
import type { TryProps } from './draw/TryIt.tsx';
import { wayOf } from './draw/trying.ts';

interface Opened extends Pick<TryProps, 'probe'> {
  readonly TryIt: ComponentType<TryProps>;
}

export function TryPanel({ task, probe }: { readonly task: Task; readonly probe: Probe }) {
  const playground = usePlayground();
  const range = usePart((state) => state.inputRange);
  const past = usePart((state) => state.lookedBack !== null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [problem, setProblem] = useState(false);
  if (wayOf(task) === null || range === null) return null;
  const open = async () => {
    try {
      // Loaded when it is asked for, so that the page opens no later for it.
      const { TryIt } = await import('./draw/TryIt.tsx');
      setOpened({ TryIt, probe });
      setProblem(false);
    } catch {
      setProblem(true);
    }
  };
  const close = () => {
    playground.look(opened?.probe.sample ?? 0);
    setOpened(null);
  };
  return (
    <div className="try">
      {opened === null ? (
        <button
          type="button"
          data-testid="try-open"
          disabled={past}
          title="Give the network a sample of your own; it answers at once, also while it trains."
          onClick={() => void open()}
        >
          Try your own
        </button>
      ) : (
        <>
          <button type="button" data-testid="try-close" title="Show samples of the data again." onClick={close}>
            Back to held-out samples
          </button>
          <opened.TryIt task={task} probe={opened.probe} range={range} onTry={(sample) => playground.try(sample)} />
        </>
      )}
      {problem && (
        <p className="problem" role="alert">
          This part of the page could not be loaded; check the connection and try again.
        </p>
      )}
    </div>
  );
}
