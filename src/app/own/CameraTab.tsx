/** Classes of one's own, taken by the camera. */
import { useEffect, useEffectEvent, useState } from 'react';
import { CameraView } from '../draw/CameraView.tsx';
import { pixelsOf } from '../draw/pixels.ts';
import { SNAPSHOT, snapshotValues, type Collection } from './collection.ts';
import { MakeTab, type MakeProps } from './MakeTab.tsx';

/** Between two snapshots while the button is held. */
const AGAIN_MS = 250;

interface Props extends Omit<MakeProps, 'onChange'> {
  /** Takes the change of what is there when it comes about, for a snapshot takes a moment. */
  readonly onChange: (change: (collection: Collection) => Collection) => void;
}

export function CameraTab({ collection, onChange, onReady }: Props) {
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  /** Index of the class that is being taken, as long as the button is held. */
  const [held, setHeld] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (label: number) => {
    if (video === null) return;
    try {
      const values = snapshotValues(await pixelsOf(video, SNAPSHOT.grid, true));
      setProblem(null);
      onChange(({ names, samples }) => ({
        names,
        samples: label < names.length ? [...samples, { label, values }] : samples,
      }));
    } catch (error) {
      setHeld(null);
      setProblem(`No snapshot could be taken (${String(error)}); stop the camera and start it again.`);
    }
  };
  const takeHeld = useEffectEvent((label: number) => void take(label));
  useEffect(() => {
    if (held === null || video === null) return;
    const timer = setInterval(() => takeHeld(held), AGAIN_MS);
    return () => clearInterval(timer);
  }, [held, video]);
  return (
    <MakeTab craft={SNAPSHOT} collection={collection} onChange={(now) => onChange(() => now)} onReady={onReady}>
      {(label, name) => (
        <>
          <CameraView onVideo={setVideo} />
          <button
            type="button"
            className="primary"
            data-testid="camera-take"
            disabled={video === null}
            title="Take a snapshot of the chosen class; hold the button to take several."
            onPointerDown={({ button }) => {
              if (button !== 0) return;
              setHeld(label);
              void take(label);
            }}
            onPointerUp={() => setHeld(null)}
            onPointerLeave={() => setHeld(null)}
            onPointerCancel={() => setHeld(null)}
            onContextMenu={(event) => event.preventDefault()}
            // The keyboard's; a pointer has been here already.
            onClick={({ detail }) => detail === 0 && void take(label)}
          >
            Take “{name}”
          </button>
          {problem !== null && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          <p className="reading">Hold the button to take several.</p>
        </>
      )}
    </MakeTab>
  );
}
