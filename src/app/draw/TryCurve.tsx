/** A sequence to try: the shown one bent by drawing over it or, of sounds, one that is recorded. */
import { useEffect, useRef, useState } from 'react';
import type { Sample } from '../../engine/protocol.ts';
import type { Sampling, Task } from '../../tasks/task.ts';
import { Stepper } from '../Stepper.tsx';
import { CurvePad } from './CurvePad.tsx';
import { recordSound } from './recording.ts';
import { soundSample } from './sound.ts';
import type { TryProps } from './TryIt.tsx';
import { channelOf, curveOf, curveSample, withChannel, type Range } from './trying.ts';

export function TryCurve({ task, probe, range, onTry }: TryProps) {
  const [first] = useState(() => curveOf(probe.input, range));
  const [curve, setCurve] = useState(first);
  const [channel, setChannel] = useState(0);
  const { channels, sampling } = task;
  const change = (now: Float32Array) => {
    setCurve(now);
    onTry(curveSample(now, channels, range));
  };
  const [low, high] = range;
  return (
    <div className="try-curve">
      {channels > 1 && (
        <Stepper
          name="try-channel"
          label="channel"
          text={`channel ${channel + 1} of ${channels}`}
          help="Which of the sequence’s channels is changed"
          short
          onStep={(by) => setChannel((channel + by + channels) % channels)}
        />
      )}
      <CurvePad
        curve={channelOf(curve, channels, channel)}
        onChange={(course) => change(withChannel(curve, course, channel))}
      />
      <div className="try-tools">
        <p className="reading">Draw over the curve to change it.</p>
        <div className="buttons">
          {sampling?.isSound === true && (
            <RecordButton
              {...{ task, sampling, range }}
              onSample={(sample) => {
                setCurve(sample.values.map((value) => Math.min(1, Math.max(0, (value - low) / (high - low)))));
                onTry(sample);
              }}
            />
          )}
          <button type="button" title="The curve as it was." onClick={() => change(first)}>
            As it was
          </button>
        </div>
      </div>
    </div>
  );
}

interface RecordProps {
  readonly task: Task;
  readonly sampling: Sampling;
  readonly range: Range;
  readonly onSample: (sample: Sample) => void;
}

/** Beyond the sample's own length: time to begin after the button was pressed. */
const GRACE_SECONDS = 1;

function RecordButton({ task, sampling, range, onSample }: RecordProps) {
  const use = useRef<AbortController | null>(null);
  const [stage, setStage] = useState<'off' | 'opening' | 'listening'>('off');
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => use.current?.abort(), []);
  const seconds = (task.grid[0] ?? 1) / sampling.rate;
  const record = async () => {
    const own = new AbortController();
    use.current = own;
    setStage('opening');
    setProblem(null);
    try {
      const sound = await recordSound(seconds + GRACE_SECONDS, () => setStage('listening'), own.signal);
      onSample(soundSample(sound, task, sampling, range));
    } catch (error) {
      if (!own.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    }
    setStage('off');
  };
  return (
    <>
      <button
        type="button"
        className="primary"
        data-testid="try-record"
        disabled={stage !== 'off'}
        title={`Record ${seconds.toFixed(1)} seconds from where the sound begins; it stays on this machine.`}
        onClick={() => void record()}
      >
        {stage === 'listening' ? 'Listening …' : 'Record'}
      </button>
      {problem !== null && (
        <p className="problem" role="alert" data-testid="try-record-problem">
          {problem}
        </p>
      )}
    </>
  );
}
