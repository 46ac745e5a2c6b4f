/** How the files are to be read, where the data leave a choice. */
import { useId, useState, type ReactNode } from 'react';
import type { OwnAbout, OwnOptions } from '../../own/own.ts';
import type { OwnReading } from './reading.ts';

interface Props {
  /** What was read; null where nothing could be. */
  readonly about: OwnAbout | null;
  readonly reading: OwnReading;
}

const LAYOUTS = [
  ['', 'as it looks'],
  ['sequence', 'sequences'],
  ['image', 'images'],
] as const;
type Layout = (typeof LAYOUTS)[number][0];

/** Text as it stands in the fields; empty where the data decide. */
interface Texts {
  readonly heldOut: string;
  readonly height: string;
  readonly width: string;
  readonly length: string;
  readonly layout: Layout;
  readonly labelColumn: string;
}

const AS_IT_IS: Texts = { heldOut: '', height: '', width: '', length: '', layout: '', labelColumn: '' };

export function ReadOptions({ about, reading }: Props) {
  const [texts, setTexts] = useState(AS_IT_IS);
  const set = (change: Partial<Texts>) => setTexts({ ...texts, ...change });
  const grid = about?.grid ?? [];
  const isImage = grid.length === 2;
  const isTable = about === null || about.format === 'CSV';
  const mayBeImage = isTable || /^NP[ZY]/.test(about.format);
  return (
    <form
      className="own-options"
      onSubmit={(event) => {
        event.preventDefault();
        void reading.again(optionsOf(texts));
      }}
    >
      {about !== null && (
        <Field label="Held out, %" help="The share kept for testing, where the data do not come split; 20 is usual.">
          {(id) => (
            <NumberField
              {...{ id }}
              value={texts.heldOut}
              hint="20"
              min={5}
              max={50}
              onText={(heldOut) => set({ heldOut })}
            />
          )}
        </Field>
      )}
      {isImage && (
        <>
          <Field label="Height" help="Images are brought to this height.">
            {(id) => (
              <NumberField
                {...{ id }}
                value={texts.height}
                hint={String(grid[0])}
                onText={(height) => set({ height })}
              />
            )}
          </Field>
          <Field label="Width" help="Images are brought to this width.">
            {(id) => (
              <NumberField {...{ id }} value={texts.width} hint={String(grid[1])} onText={(width) => set({ width })} />
            )}
          </Field>
        </>
      )}
      {grid.length === 1 && (
        <Field label="Length" help="Longer sequences are cut to this, shorter ones padded.">
          {(id) => (
            <NumberField {...{ id }} value={texts.length} hint={String(grid[0])} onText={(length) => set({ length })} />
          )}
        </Field>
      )}
      {mayBeImage && (
        <Field label="Read as" help="Whether numbers are sequences or images.">
          {(id) => (
            <select
              id={id}
              value={texts.layout}
              onChange={({ target }) => set({ layout: LAYOUTS.find(([value]) => value === target.value)?.[0] ?? '' })}
            >
              {LAYOUTS.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {isTable && (
        <Field label="Column of labels" help="Its name in the header, or its number from 1.">
          {(id) => (
            <input
              id={id}
              type="text"
              placeholder="found"
              value={texts.labelColumn}
              onChange={({ target }) => set({ labelColumn: target.value })}
            />
          )}
        </Field>
      )}
      <button type="submit" data-testid="own-again" title="Read the same files again, in this way.">
        Read again
      </button>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly help: string;
  readonly children: (id: string) => ReactNode;
}

function Field({ label, help, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field" title={help}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface NumberProps {
  readonly id: string;
  readonly value: string;
  readonly hint: string;
  readonly min?: number;
  readonly max?: number;
  readonly onText: (text: string) => void;
}

function NumberField({ id, value, hint, min = 4, max = 2048, onText }: NumberProps) {
  return (
    <input
      id={id}
      type="number"
      placeholder={hint}
      {...{ min, max, value }}
      onChange={({ target }) => onText(target.value)}
    />
  );
}

/** Of height and width, one stands for both. */
function optionsOf({ heldOut, height, width, length, layout, labelColumn }: Texts): OwnOptions {
  const column = labelColumn.trim();
  return {
    ...(heldOut === '' ? {} : { heldOut: Number(heldOut) / 100 }),
    ...(height === '' && width === '' ? {} : { resize: [Number(height || width), Number(width || height)] }),
    ...(length === '' ? {} : { length: Number(length) }),
    ...(layout === '' ? {} : { layout }),
    ...(column === '' ? {} : { labelColumn: /^\d+$/.test(column) ? Number(column) : column }),
  };
}
