/** The classes of samples that are made here: their names, what was made of each so far, and which one comes next. */
import { useId, useMemo } from 'react';
import { greyUrl } from '../../figures/heat.ts';
import { pngUrl } from '../../figures/png.ts';
import { MOST_CLASSES, countOf, withoutClass, type Collection, type Craft, type MadeSample } from './collection.ts';

interface Props {
  readonly craft: Craft;
  readonly collection: Collection;
  /** Index of the class that the next sample goes to. */
  readonly chosen: number;
  readonly onChoose: (label: number) => void;
  readonly onChange: (collection: Collection) => void;
}

export function ClassList({ craft, collection, chosen, onChoose, onChange }: Props) {
  const { names, samples } = collection;
  const group = useId();
  return (
    <fieldset className="made-classes">
      <legend>Classes</legend>
      {names.map((name, index) => (
        <div key={index} className="made-class">
          <input
            type="radio"
            name={group}
            aria-label={`${craft.verb} ${name}`}
            checked={index === chosen}
            onChange={() => onChoose(index)}
          />
          <input
            type="text"
            aria-label={`Name of class ${index + 1}`}
            value={name}
            maxLength={40}
            onFocus={() => onChoose(index)}
            onChange={({ target }) => onChange({ names: names.with(index, target.value), samples })}
          />
          <output className="digits" aria-label={`${craft.name} of ${name}`}>
            {countOf(collection, index)}
          </output>
          <button
            type="button"
            className="quiet"
            disabled={names.length <= 2}
            aria-label={`Remove class ${name}`}
            title={`Remove this class and its ${craft.one}s.`}
            onClick={() => onChange(withoutClass(collection, index))}
          >
            ✕
          </button>
          <MadeOf {...{ craft, collection, onChange }} label={index} />
        </div>
      ))}
      <button
        type="button"
        disabled={names.length >= MOST_CLASSES}
        title={`Up to ${MOST_CLASSES} classes.`}
        onClick={() => {
          onChange({ names: [...names, `class ${names.length + 1}`], samples });
          onChoose(names.length);
        }}
      >
        Add a class
      </button>
    </fieldset>
  );
}

interface MadeProps extends Pick<Props, 'craft' | 'collection' | 'onChange'> {
  readonly label: number;
}

/** The samples of a class, the newest last; a click removes one. */
function MadeOf({ craft, collection: { names, samples }, label, onChange }: MadeProps) {
  const own = useMemo(
    () => samples.filter((sample) => sample.label === label).map((sample) => ({ sample, url: urlOf(sample, craft) })),
    [samples, label, craft],
  );
  if (own.length === 0) return null;
  return (
    <ul className="made">
      {own.map(({ sample, url }, i) => (
        <li key={i}>
          <button
            type="button"
            className="quiet"
            aria-label={`Remove ${craft.one} ${i + 1} of ${names[label] ?? ''}`}
            title={`Remove this ${craft.one}.`}
            onClick={() => onChange({ names, samples: samples.filter((other) => other !== sample) })}
          >
            <img src={url} alt="" width={34} height={34} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Made once a sample: it never changes. */
const urls = new WeakMap<MadeSample, string>();

function urlOf(sample: MadeSample, { grid, channels }: Craft): string {
  const known = urls.get(sample);
  if (known !== undefined) return known;
  const { values } = sample;
  const url = channels === 1 ? greyUrl(values, grid) : pngUrl(values, ...grid, null);
  urls.set(sample, url);
  return url;
}
