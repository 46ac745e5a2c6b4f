/** Which samples train and which test, and which classes there are. */
import { random } from '../dnarch/random.ts';
import { OwnDataError } from './own.ts';
import { type Reading, firstFew } from './reading.ts';
import type { Part, Samples } from './samples.ts';

const SEED = 1;
const HELD_OUT = 0.2;
const LEAST_SAMPLES = 3;

/** Where a sample is: in which part, at which index. */
export interface Place {
  readonly part: Part;
  readonly index: number;
}

export interface Choice {
  /** In mixed order, for files are often sorted by class. */
  readonly train: readonly Place[];
  readonly test: readonly Place[];
  readonly names: readonly string[];
  /** New index of each old class, where classes were left out. */
  readonly codes: Uint8Array | null;
}

type Shuffle = (places: readonly Place[]) => Place[];

/**
 * Keeps halves as they are given; else holds out some samples, of each class its share. Always the same for the same data.
 * @throws OwnDataError where there are under three samples or under two classes
 */
export function choose(samples: Samples, reading: Reading): Choice {
  const { kind, train, test } = samples;
  const count = train.count + (test?.count ?? 0);
  if (count < LEAST_SAMPLES) {
    throw new OwnDataError(`${count} samples were found; give ${LEAST_SAMPLES} at least, better hundreds`);
  }
  const shuffle = shuffler();
  return kind === 'classes' ? chooseClasses(samples, reading, shuffle) : chooseAny(samples, reading, shuffle);
}

function shuffler(): Shuffle {
  const draw = random(SEED, 0);
  return (places) => Array.from(draw.permutation(places.length), (index) => places[index]!);
}

function placesOf(part: Part | null): Place[] {
  return part === null ? [] : Array.from({ length: part.count }, (_, index) => ({ part, index }));
}

/** These with their share for testing apart: some, but not all. */
function holdOut(places: readonly Place[], { options }: Reading, shuffle: Shuffle): Pick<Choice, 'train' | 'test'> {
  const share = Math.round(places.length * (options.heldOut ?? HELD_OUT));
  const held = Math.min(places.length - 1, Math.max(1, share));
  const mixed = shuffle(places);
  return { train: mixed.slice(held), test: mixed.slice(0, held) };
}

function chooseClasses({ names, train, test }: Samples, reading: Reading, shuffle: Shuffle): Choice {
  const byClass = (part: Part | null): readonly Place[][] => {
    const places = names.map((): Place[] => []);
    for (const place of placesOf(part)) places[place.part.labels[place.index]!]!.push(place);
    return places;
  };
  const [forTraining, forTesting] = [byClass(train), byClass(test)];
  const codes = new Uint8Array(names.length);
  const kept: string[] = [];
  const dropped: string[] = [];
  const halves: Pick<Choice, 'train' | 'test'>[] = [];
  for (const [code, name] of names.entries()) {
    const [own, given] = [forTraining[code]!, forTesting[code]!];
    if (own.length + given.length === 0) continue;
    if (own.length + given.length === 1) dropped.push(`“${name}” has one sample`);
    else if (own.length === 0) dropped.push(`“${name}” has samples for testing alone`);
    else {
      codes[code] = kept.length;
      kept.push(name);
      halves.push(test === null ? holdOut(own, reading, shuffle) : { train: own, test: given });
    }
  }
  if (dropped.length > 0) {
    const classes = dropped.length === 1 ? 'A class was' : `${dropped.length} classes were`;
    reading.notes.add(`${classes} left out, for two samples are needed: ${firstFew(dropped)}.`);
  }
  if (kept.length < 2) {
    const found = kept[0] === undefined ? 'no class has two samples' : `all samples are of one class, “${kept[0]}”`;
    throw new OwnDataError(`${found}; give at least two classes of two samples each`);
  }
  const all = (half: 'train' | 'test'): Place[] => shuffle(halves.flatMap((own) => own[half]));
  return { train: all('train'), test: all('test'), names: kept, codes };
}

function chooseAny({ kind, names, train, test }: Samples, reading: Reading, shuffle: Shuffle): Choice {
  if (kind === 'dense' && names.length < 2) {
    throw new OwnDataError(`all labels are “${names[0] ?? ''}”; give labels of at least two classes`);
  }
  if (test === null) return { ...holdOut(placesOf(train), reading, shuffle), names, codes: null };
  return { train: shuffle(placesOf(train)), test: shuffle(placesOf(test)), names, codes: null };
}
