/** What the camera sees, as in a mirror, from the press of a button until it is left. */
import { useEffect, useRef, useState } from 'react';
import { openDevice } from './devices.ts';

interface Props {
  /** Is given the video once it runs, and null when it ends. */
  readonly onVideo: (video: HTMLVideoElement | null) => void;
}

const ENDED = 'The camera has stopped; is it still connected? Start it again.';

export function CameraView({ onVideo }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const use = useRef<AbortController | null>(null);
  const [stage, setStage] = useState<'off' | 'opening' | 'on'>('off');
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => use.current?.abort(), []);

  const end = (reason: string | null) => {
    use.current?.abort();
    setStage('off');
    setProblem(reason);
    onVideo(null);
  };
  const start = async () => {
    const own = new AbortController();
    use.current = own;
    setStage('opening');
    setProblem(null);
    try {
      const stream = await openDevice('camera', own.signal);
      stream.getVideoTracks()[0]?.addEventListener('ended', () => end(ENDED));
      const element = video.current;
      if (element === null) return;
      element.srcObject = stream;
      await element.play();
      setStage('on');
      onVideo(element);
    } catch (error) {
      if (!own.signal.aborted) end(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="camera" data-testid="camera">
      <video
        ref={video}
        className={stage === 'on' ? '' : 'is-off'}
        aria-label="What the camera sees"
        muted
        playsInline
      />
      {stage === 'on' ? (
        <button type="button" data-testid="camera-stop" title="Close the camera." onClick={() => end(null)}>
          Stop the camera
        </button>
      ) : (
        <button
          type="button"
          className="primary"
          data-testid="camera-start"
          disabled={stage === 'opening'}
          title="Your browser asks for your permission; no picture leaves this machine."
          onClick={() => void start()}
        >
          Start the camera
        </button>
      )}
      {problem !== null && (
        <p className="problem" role="alert" data-testid="camera-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
