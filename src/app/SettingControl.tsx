/** A control drawn from a setting's metadata, and the panel of those that need no drawing of their own. */
import { useId, useState } from 'react';
import { usePart, usePlayground } from './context.ts';
import { textOf, type SettingKey } from './settings.ts';

const SHOWN: readonly SettingKey[] = [
  'start',
  'oneSided',
  'lambda',
  'learningRate',
  'maskLearningRate',
  'batch',
  'dropout',
  'seed',
];

export function RunSettingsPanel() {
  return (
    <details className="run-settings">
      <summary title="Settings of the training; the defaults are good.">Training settings</summary>
      {SHOWN.map((key) => (
        <SettingControl key={key} settingKey={key} />
      ))}
    </details>
  );
}

export function SettingControl({ settingKey }: { readonly settingKey: SettingKey }) {
  const playground = usePlayground();
  const text = usePart((state) => textOf(playground.table, state.settings, settingKey));
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const { label, help, control, live } = playground.table[settingKey];
  const change = (value: string) => setProblem(playground.change(settingKey, value));
  const shared = { id, title: help, 'data-testid': `setting-${settingKey}` };
  return (
    <div className={`setting ${control.kind}`}>
      <label htmlFor={id} title={help}>
        {label}
        {!live && <span className="restarts"> (starts anew)</span>}
      </label>
      {control.kind === 'range' && (
        <>
          <input
            {...shared}
            type="range"
            min={toSlider(control.min, control.scale)}
            max={toSlider(control.max, control.scale)}
            step={control.scale === 'log' ? 0.05 : (control.max - control.min) / 100}
            value={toSlider(Number(text), control.scale)}
            aria-valuetext={text}
            onChange={({ target }) => change(fromSlider(target.valueAsNumber, control))}
          />
          <output className="digits" htmlFor={id}>
            {text}
          </output>
        </>
      )}
      {control.kind === 'number' && (
        <input
          {...shared}
          key={text}
          type="number"
          min={control.min}
          max={control.max}
          defaultValue={text}
          onBlur={({ target }) => target.value !== text && change(target.value)}
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && change(currentTarget.value)}
        />
      )}
      {control.kind === 'toggle' && (
        <input
          {...shared}
          type="checkbox"
          role="switch"
          checked={text === '1'}
          onChange={({ target }) => change(target.checked ? '1' : '0')}
        />
      )}
      {control.kind === 'choice' && (
        <select {...shared} value={text} onChange={({ target }) => change(target.value)}>
          {control.options.map((option) => (
            <option key={option.text} value={option.text}>
              {option.label}
            </option>
          ))}
        </select>
      )}
      {problem !== null && (
        <p className="problem" role="alert">
          {label} {problem}.
        </p>
      )}
    </div>
  );
}

type Scale = 'linear' | 'log';

const toSlider = (value: number, scale: Scale): number => (scale === 'log' ? Math.log10(value) : value);

/** The value at the slider's position, rounded to what it shows and kept within the bounds. */
function fromSlider(
  position: number,
  { scale, min, max }: { readonly scale: Scale; readonly min: number; readonly max: number },
): string {
  const value = scale === 'log' ? 10 ** position : position;
  return String(Math.min(max, Math.max(min, Number(value.toPrecision(3)))));
}
