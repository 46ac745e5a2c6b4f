/** Which held-out sample goes through the network. */
import { usePart, usePlayground } from './context.ts';
import { shownProbe } from './state.ts';
import { Stepper } from './Stepper.tsx';

export function SampleStepper({ name }: { readonly name: string }) {
  const playground = usePlayground();
  const probe = usePart(shownProbe);
  const past = usePart((state) => state.lookedBack !== null);
  if (probe === null) return null;
  const { sample, count } = probe;
  return (
    <Stepper
      name={name}
      label="sample"
      text={sample === null ? 'Your own sample' : `Sample ${sample + 1} of ${count}`}
      help={
        past
          ? 'The sample as it was then; come back to the present to change it'
          : 'A sample the network never trained on'
      }
      disabled={past}
      onStep={(by) => playground.look(((sample ?? (by > 0 ? -1 : 0)) + by + count) % count)}
    />
  );
}
