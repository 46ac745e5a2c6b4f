/** The camera and the microphone: opened when they are asked for, closed when they are no longer needed. */

export type Device = 'camera' | 'microphone';

const ASKED: Readonly<Record<Device, MediaStreamConstraints>> = {
  camera: { video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'user' } },
  microphone: { audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false } },
};

/**
 * What the device gives, until the signal aborts.
 * @throws Error that says what is wrong and what to do; the signal's reason once it is aborted
 */
export async function openDevice(device: Device, signal: AbortSignal): Promise<MediaStream> {
  // Only pages from a safe origin have it.
  if (!('mediaDevices' in navigator)) {
    throw new Error(`This browser gives the page no ${device}; open the page over https or on localhost.`);
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(ASKED[device]);
  } catch (cause) {
    throw new Error(reasonOf(device, cause), { cause });
  }
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  // It may have been left while the browser asked for permission.
  if (signal.aborted) stop();
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  return stream;
}

/** In words, by the names that the standard gives to what may happen (Media Capture and Streams, getUserMedia). */
export function reasonOf(device: Device, error: unknown): string {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return `The ${device} is not allowed; allow it for this page beside the address, then try again.`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `There is no ${device}; connect one, then try again.`;
    case 'NotReadableError':
    case 'AbortError':
      return `The ${device} could not be opened; another program may be using it. Close that, then try again.`;
    default:
      return `The ${device} could not be opened (${String(error)}); try again, or take another browser.`;
  }
}
