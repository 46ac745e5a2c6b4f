/** Which of the four kinds of size the gradient may change. */
import { AXES, type Axis } from '../dnarch/config.ts';
import { usePart, usePlayground } from './context.ts';
import { learnText } from './settings.ts';

const WORDS: Record<Axis, { readonly name: string; readonly help: string }> = {
  K: { name: 'Kernel size', help: 'How far each block looks: a Gaussian mask over the kernel.' },
  R: { name: 'Resolution', help: 'Where it downsamples and by how much: a mask over frequency.' },
  W: { name: 'Width', help: 'How many channels each block keeps: a mask over channels.' },
  D: { name: 'Depth', help: 'How many blocks are run: a mask over the blocks.' },
};

export function LearnSwitches() {
  const playground = usePlayground();
  const learn = usePart((state) => state.settings.learn);
  const { label, help } = playground.table.learn;
  return (
    <fieldset className="switches">
      <legend title={help}>{label}</legend>
      {AXES.map((axis) => (
        <label key={axis} className="switch" title={`${WORDS[axis].help} Off: it stays as it is.`}>
          <input
            type="checkbox"
            role="switch"
            data-testid={`switch-${axis}`}
            checked={learn[axis]}
            onChange={(event) => playground.change('learn', learnText({ ...learn, [axis]: event.target.checked }))}
          />
          <span className="switch-name">
            <b>{axis}</b> {WORDS[axis].name}
          </span>
          <span className="switch-help">{WORDS[axis].help}</span>
        </label>
      ))}
    </fieldset>
  );
}
