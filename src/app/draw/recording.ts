/** Records with the microphone, by the browser's own recorder and decoder. */
import { openDevice } from './devices.ts';
import type { Sound } from './sound.ts';

/** What the decoder brings the sound to; high enough for every task. */
const RATE = 48_000;

/**
 * Rejects with an Error that says what is wrong and what to do.
 * @param onListening is called as soon as the microphone is open
 * @param signal closes the microphone; what was recorded is lost
 */
export async function recordSound(seconds: number, onListening: () => void, signal: AbortSignal): Promise<Sound> {
  if (!('MediaRecorder' in globalThis)) {
    throw new Error('This browser records no sound; take another one, or a newer version of it.');
  }
  // Closed once it is heard, whatever becomes of the whole.
  const use = new AbortController();
  const stream = await openDevice('microphone', AbortSignal.any([signal, use.signal]));
  try {
    const recorded = await recordedFrom(stream, seconds, onListening);
    signal.throwIfAborted();
    return await decoded(recorded);
  } finally {
    use.abort();
  }
}

function recordedFrom(stream: MediaStream, seconds: number, onListening: () => void): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => resolve(new Blob(parts));
    recorder.onerror = () => reject(new Error('The recording broke off; is the microphone still there? Try again.'));
    recorder.onstart = () => {
      onListening();
      setTimeout(() => {
        // It stops of itself where the microphone was closed or has gone.
        if (recorder.state !== 'inactive') recorder.stop();
      }, 1000 * seconds);
    };
    recorder.start();
  });
}

async function decoded(recorded: Blob): Promise<Sound> {
  try {
    const buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await recorded.arrayBuffer());
    const values = new Float32Array(buffer.length);
    for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
      for (const [i, value] of buffer.getChannelData(channel).entries()) values[i]! += value / buffer.numberOfChannels;
    }
    return { rate: buffer.sampleRate, values };
  } catch (cause) {
    throw new Error('This browser cannot read what it recorded; try again, or take another browser.', { cause });
  }
}
