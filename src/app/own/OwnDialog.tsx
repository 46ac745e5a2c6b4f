/** The dialog of own data: what is given, what was read of it, and the choice to train on it. */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { usePlayground } from '../context.ts';
import { CameraTab } from './CameraTab.tsx';
import { EMPTY_COLLECTION } from './collection.ts';
import { DrawTab } from './DrawTab.tsx';
import { FilesTab } from './FilesTab.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';
import { OwnReading } from './reading.ts';
import './own.css';

export { OwnReading };

export interface DialogProps {
  readonly reading: OwnReading;
  readonly onClose: () => void;
}

const TABS = [
  ['files', 'Files and folders'],
  ['draw', 'Draw'],
  ['camera', 'Camera'],
] as const;
type Tab = (typeof TABS)[number][0];

export function OwnDialog({ reading, onClose }: DialogProps) {
  const playground = usePlayground();
  const { stage, problem, preview } = useStore(reading.store);
  const [tab, setTab] = useState<Tab>('files');
  // Kept here, so that a look at what was read loses nothing.
  const [drawings, setDrawings] = useState(EMPTY_COLLECTION);
  const [snapshots, setSnapshots] = useState(EMPTY_COLLECTION);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
  }, []);

  // Closed by the browser, which then gives the focus back to where it was.
  const close = () => dialog.current?.close();
  const keep = async (...[name, classes, thumbnail]: Parameters<OwnReading['keep']>) => {
    const entry = await reading.keep(name, classes, thumbnail);
    if (entry === null) return;
    close();
    playground.addOwn(entry);
  };

  return (
    <dialog ref={dialog} className="own" aria-labelledby={heading} data-testid="own-dialog" onClose={onClose}>
      <header>
        <h2 id={heading}>Your own data</h2>
        <button type="button" className="quiet" aria-label="Close" title="Close; the run goes on." onClick={close}>
          ✕
        </button>
      </header>
      <p className="stays">
        <strong>Nothing leaves this machine:</strong> files are read here and kept in this browser until you remove
        them.
      </p>
      {problem !== null && (
        <p className="banner failure" role="alert" data-testid="own-problem">
          {sentence(problem)}
        </p>
      )}
      {stage === 'reading' && <Progress reading={reading} />}
      {stage === 'choosing' && (
        <>
          <div className="views" role="group" aria-label="Where the data come from">
            {TABS.map(([name, text]) => (
              <button
                key={name}
                type="button"
                data-testid={`own-tab-${name}`}
                aria-pressed={tab === name}
                onClick={() => setTab(name)}
              >
                {text}
              </button>
            ))}
          </div>
          {tab === 'files' && <FilesTab reading={reading} />}
          {tab === 'draw' && (
            <DrawTab collection={drawings} onChange={setDrawings} onReady={(given) => void reading.give(given)} />
          )}
          {tab === 'camera' && (
            <CameraTab collection={snapshots} onChange={setSnapshots} onReady={(given) => void reading.give(given)} />
          )}
        </>
      )}
      {preview !== null && (
        <PreviewPanel
          preview={preview}
          isBusy={stage !== 'read'}
          reading={reading}
          onKeep={(...names) => void keep(...names)}
        />
      )}
    </dialog>
  );
}

function Progress({ reading }: { readonly reading: OwnReading }): ReactNode {
  const part = useStore(reading.store, (state) => state.part);
  return (
    <div className="own-progress" data-testid="own-progress">
      <label>
        Reading…
        <progress {...(part === null ? {} : { value: part })} max={1} />
      </label>
      <button type="button" title="Stop reading and choose other files." onClick={() => reading.cancel()}>
        Cancel
      </button>
    </div>
  );
}

/** A message begins with a file's name, which stays as it is, or with a word. */
const sentence = (text: string): string =>
  text.replace(/^[a-z]+(?=[ ,])/, (word) => word.charAt(0).toUpperCase() + word.slice(1)) +
  (/[.!?]$/.test(text) ? '' : '.');
