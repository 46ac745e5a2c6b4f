/** Saves what a panel shows: as a picture, and of the network also the run as a film and the architecture in numbers. */
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';
import { usePart, usePlayground } from './context.ts';
import { Icon } from './Icon.tsx';

interface Props {
  /** The panel's name. */
  readonly name: string;
  readonly title: string;
  readonly panel: RefObject<HTMLElement | null>;
}

type Format = 'svg' | 'png' | 'json' | 'video';

interface Item {
  readonly format: Format;
  readonly text: string;
  readonly help: string;
}

const PICTURES: readonly Item[] = [
  { format: 'svg', text: 'SVG', help: 'A drawing that keeps sharp at any size, with its fonts.' },
  { format: 'png', text: 'PNG', help: 'An image at twice the size of the screen’s.' },
];

const OF_NETWORK: readonly Item[] = [
  { format: 'video', text: 'Recording', help: 'The run so far as a short film (WebM, or GIF in some browsers).' },
  { format: 'json', text: 'Architecture (JSON)', help: 'The sizes that are run, to read them into another program.' },
];

interface Progress {
  readonly frame: number;
  readonly frames: number;
}

export function SaveMenu({ name, title, panel }: Props) {
  const playground = usePlayground();
  const known = usePart((state) => state.snapshot !== null);
  const [open, setOpen] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const recording = useRef<AbortController | null>(null);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useClickOutside(menu, open, () => setOpen(false));
  useEffect(() => () => recording.current?.abort(), []);

  const record = async () => {
    if (recording.current !== null) return;
    const { signal } = (recording.current = new AbortController());
    setProgress({ frame: 0, frames: 1 });
    try {
      const { saveRecording } = await import('./pictures/record.tsx');
      await saveRecording(playground, { signal, onProgress: (frame, frames) => setProgress({ frame, frames }) });
    } finally {
      recording.current = null;
      setProgress(null);
    }
  };

  const save = async (format: Format) => {
    setOpen(false);
    button.current?.focus();
    setProblem(null);
    try {
      if (format === 'video') await record();
      else if (panel.current !== null) {
        // Loaded when it is asked for, so that the page opens no later for it.
        const { savePanel } = await import('./pictures/save.ts');
        await savePanel(playground, { name, title, element: panel.current }, format);
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) setOpen(false);
  };

  return (
    <div className="save" ref={menu} onKeyDown={onKeyDown} onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        className="quiet"
        data-testid={`save-${name}`}
        disabled={!known}
        aria-expanded={open}
        title="Save what this panel shows."
        onClick={() => setOpen(!open)}
      >
        <Icon name="save" /> Save <span className="unseen">{title}</span>
      </button>
      {open && (
        <ul className="save-items">
          {[...PICTURES, ...(name === 'network' ? OF_NETWORK : [])].map(({ format, text, help }) => (
            <li key={format}>
              <button
                type="button"
                className="quiet"
                data-testid={`save-${format}`}
                title={help}
                disabled={format === 'video' && progress !== null}
                onClick={() => void save(format)}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
      {progress !== null && (
        <div className="save-progress" data-testid="save-progress">
          <label className="digits">
            frame {progress.frame} of {progress.frames}
            <progress value={progress.frame} max={progress.frames} />
          </label>
          <button type="button" title="Stop recording." onClick={() => recording.current?.abort()}>
            Cancel
          </button>
        </div>
      )}
      {problem !== null && (
        <p className="problem save-progress" role="alert">
          Nothing was saved: {problem}.
        </p>
      )}
    </div>
  );
}

/** Calls back at a press of the pointer anywhere else. */
function useClickOutside(holder: RefObject<HTMLElement | null>, active: boolean, close: () => void): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!active) return;
    const press = ({ target }: PointerEvent) => {
      if (target instanceof Node && holder.current?.contains(target) !== true) latest.current();
    };
    document.addEventListener('pointerdown', press);
    return () => document.removeEventListener('pointerdown', press);
  }, [holder, active]);
}
