/** Where a person makes a sample: drawn or chosen, bent, or typed. The network answers to each change, also while it trains. */
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import type { Probe, Sample } from '../../engine/protocol.ts';
import type { Task } from '../../tasks/task.ts';
import { CameraView } from './CameraView.tsx';
import { DrawPad } from './DrawPad.tsx';
import { pixelsOf } from './pixels.ts';
import { centred, type Stroke } from './strokes.ts';
import { TryCurve } from './TryCurve.tsx';
import { drawnSample, pictureSample, textOf, typedSample, wayOf, type Range } from './trying.ts';

export interface TryProps {
  readonly task: Task;
  /** The sample that is shown as it begins. */
  readonly probe: Probe;
  readonly range: Range;
  readonly onTry: (sample: Sample) => void;
}

export function TryIt(props: TryProps) {
  switch (wayOf(props.task)) {
    case 'picture':
      return <TryPicture {...props} />;
    case 'curve':
      return <TryCurve {...props} />;
    case 'text':
      return props.probe.tokens === null ? null : <TryText {...props} shown={props.probe.tokens} />;
    case null:
      return null;
  }
}

const NONE: readonly Stroke[] = [];
/** Between two looks through the camera. */
const LOOK_MS = 200;

function TryPicture({ task, range, onTry }: TryProps) {
  const [strokes, setStrokes] = useState(NONE);
  const [picture, setPicture] = useState<Uint8ClampedArray | null>(null);
  const [inverted, setInverted] = useState(false);
  const [isCentred, setCentred] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [hasCamera, setCamera] = useState(false);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const chooser = useRef<HTMLInputElement>(null);

  const show = (now: {
    drawn?: readonly Stroke[];
    pixels?: Uint8ClampedArray | null;
    invert?: boolean;
    centre?: boolean;
  }) => {
    const { drawn = strokes, pixels = picture, invert = inverted, centre = isCentred } = now;
    onTry(
      pixels === null
        ? drawnSample(centre ? centred(drawn) : drawn, task, range, invert)
        : pictureSample(pixels, task, range, invert),
    );
  };
  const look = useEffectEvent(async (seen: HTMLVideoElement) => {
    const pixels = await pixelsOf(seen, task.grid, true);
    setPicture(pixels);
    show({ pixels });
  });
  useEffect(() => {
    if (video === null) return;
    // What cannot be seen now may be seen the next time.
    const timer = setInterval(() => void look(video).catch(() => undefined), LOOK_MS);
    return () => clearInterval(timer);
  }, [video]);
  const switchCamera = (now: boolean) => {
    setCamera(now);
    setVideo(null);
    setStrokes(NONE);
  };
  const draw = (drawn: readonly Stroke[]) => {
    setStrokes(drawn);
    setPicture(null);
    show({ drawn, pixels: null });
  };
  const take = async (file: File) => {
    try {
      const pixels = await pixelsOf(file, task.grid);
      setProblem(null);
      switchCamera(false);
      setPicture(pixels);
      setStrokes(NONE);
      show({ pixels, drawn: NONE });
    } catch {
      setProblem(`${file.name} is no image that this browser can read; take a PNG, JPEG or WebP.`);
    }
  };
  return (
    <div
      className="try-picture"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file !== undefined) void take(file);
      }}
    >
      {hasCamera ? (
        <CameraView onVideo={setVideo} />
      ) : (
        <DrawPad label="Draw a sample of your own here" strokes={strokes} onChange={draw} />
      )}
      <div className="try-tools">
        <p className="reading">
          {hasCamera ? 'Each look through the camera' : 'Draw here, or drop an image. It'} is brought to{' '}
          {task.grid.join(' × ')}.
        </p>
        <div className="buttons">
          <button type="button" title="Try an image of your own." onClick={() => chooser.current?.click()}>
            Choose an image…
          </button>
          <button
            type="button"
            data-testid="try-camera"
            title={hasCamera ? 'Close the camera and draw.' : 'Hold something before the camera.'}
            onClick={() => switchCamera(!hasCamera)}
          >
            {hasCamera ? 'Draw instead' : 'Use the camera'}
          </button>
          {!hasCamera && (
            <button type="button" title="Begin with an empty sheet." onClick={() => draw(NONE)}>
              Clear
            </button>
          )}
        </div>
        <label title="Dark on light instead of light on dark.">
          <input
            type="checkbox"
            checked={inverted}
            onChange={({ target }) => {
              setInverted(target.checked);
              show({ invert: target.checked });
            }}
          />{' '}
          invert
        </label>
        <label title="Move and scale the drawing to the middle, as MNIST does.">
          <input
            type="checkbox"
            checked={isCentred}
            disabled={hasCamera}
            onChange={({ target }) => {
              setCentred(target.checked);
              show({ centre: target.checked });
            }}
          />{' '}
          centre the drawing
        </label>
        {problem !== null && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        aria-label="Image"
        data-testid="try-file"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) void take(file);
          target.value = '';
        }}
      />
    </div>
  );
}

function TryText({ task, shown, onTry }: TryProps & { readonly shown: Uint8Array }) {
  const names = task.tokens ?? [];
  const [text, setText] = useState(() => textOf(shown, names));
  const field = useId();
  const { unknown, over } = typedSample(text, task, shown);
  return (
    <div className="try-text">
      <label htmlFor={field}>Your own text</label>
      <textarea
        id={field}
        rows={4}
        data-testid="try-text"
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          onTry(typedSample(target.value, task, shown).sample);
        }}
      />
      {(unknown.length > 0 || over > 0) && (
        <p className="reading" role="status">
          {unknown.length > 0 && `Not in its vocabulary: ${unknown.slice(0, 8).join(' ')}. `}
          {over > 0 && `The last ${over} are cut off.`}
        </p>
      )}
    </div>
  );
}
