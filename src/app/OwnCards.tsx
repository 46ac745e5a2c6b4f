/** The user's own data among the tasks, and the way to add some: a button, or a drop anywhere on the page. */
import { useEffect, useId, useRef, useState, type ComponentType } from 'react';
import { createPortal } from 'react-dom';
import { usePart } from './context.ts';
import { OwnCard } from './OwnCard.tsx';
import { bringsFiles, entriesOf, filesOf, type Dropped } from './own/dropped.ts';
import type { DialogProps } from './own/OwnDialog.tsx';

/** How long a drag that no longer moves over the page still counts. */
const DRAG_MS = 250;

interface Opened extends Omit<DialogProps, 'onClose'> {
  readonly Dialog: ComponentType<DialogProps>;
}

export function OwnCards({ chosen }: { readonly chosen: string }) {
  const own = usePart((state) => state.own);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [problem, setProblem] = useState(false);
  const heading = useId();

  const open = async (dropped: Dropped | null) => {
    const files = dropped === null ? null : filesOf(dropped);
    try {
      // Loaded when it is asked for, so that the page opens no later for it.
      const { OwnDialog, OwnReading } = await import('./own/OwnDialog.tsx');
      const reading = opened?.reading ?? new OwnReading();
      if (files !== null) void reading.giveFiles(files);
      setOpened({ Dialog: OwnDialog, reading });
      setProblem(false);
    } catch {
      files?.catch(() => undefined);
      setProblem(true);
    }
  };
  useDropOnPage((dropped) => void open(dropped));
  const close = () => {
    opened?.reading.cancel();
    setOpened(null);
  };

  return (
    <div className="task-group" role="group" aria-labelledby={heading}>
      <p id={heading}>Your own</p>
      <div className="cards">
        {own.map((entry) => (
          <OwnCard key={entry.id} entry={entry} isChosen={entry.id === chosen} />
        ))}
        <button
          type="button"
          className="add-own"
          data-testid="own-add"
          title="Train on your own images, sounds, series or drawings; nothing leaves this machine."
          onClick={() => void open(null)}
        >
          + Your own data…
        </button>
      </div>
      {problem && (
        <p className="problem" role="alert">
          This part of the page could not be loaded; check the connection and try again.
        </p>
      )}
      {opened !== null &&
        createPortal(<opened.Dialog key="own" reading={opened.reading} onClose={close} />, document.body)}
    </div>
  );
}

/** Takes files that are dropped anywhere, save where something else takes them. */
function useDropOnPage(take: (dropped: Dropped) => void): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    const root = document.documentElement;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = () => root.removeAttribute('data-dropping');
    const over = (event: DragEvent) => {
      if (event.defaultPrevented || !bringsFiles(event)) return;
      event.preventDefault();
      root.setAttribute('data-dropping', '');
      clearTimeout(timer);
      timer = setTimeout(leave, DRAG_MS);
    };
    const drop = (event: DragEvent) => {
      if (event.defaultPrevented || event.dataTransfer === null || !bringsFiles(event)) return;
      event.preventDefault();
      leave();
      latest.current(entriesOf(event.dataTransfer));
    };
    const once = new AbortController();
    const { signal } = once;
    addEventListener('dragover', over, { signal });
    addEventListener('drop', drop, { signal });
    return () => {
      clearTimeout(timer);
      once.abort();
    };
  }, []);
}
