/** Own data that this browser keeps until they are removed: the samples as one buffer, and beside it what lists them. */
import * as v from 'valibot';
import { createStore, delMany, get, getMany, keys, setMany, type UseStore } from 'idb-keyval';
import { aboutOf, ownAbout } from './about.ts';
import { type OwnAbout, type OwnData, OwnDataError } from './own.ts';
import { describedTask } from './ownTask.ts';
import { decodeOwn, encodeOwn } from './stored.ts';
import type { Dataset, Task } from '../tasks/task.ts';

const DATABASE = 'dnarch-playground-own';
const ABOUT = 'about:';
const SAMPLES = 'samples:';
const ID = /^own-[a-z]{8}$/;
const ID_LETTERS = 8;
const ALPHABET = 26;

/** Own data as they are listed. */
export interface OwnEntry {
  readonly id: string;
  /** When they were added, in milliseconds since 1970. */
  readonly added: number;
  /** A sample as a data URL, or empty. */
  readonly thumbnail: string;
  readonly about: OwnAbout;
}

const ownEntry: v.GenericSchema<unknown, OwnEntry> = v.object({
  id: v.pipe(v.string(), v.regex(ID)),
  added: v.pipe(v.number(), v.finite()),
  thumbnail: v.union([v.literal(''), v.pipe(v.string(), v.startsWith('data:image/'))]),
  about: ownAbout,
});

/** Where values lie by their keys; what is set together is there together or not at all. */
export interface Shelf {
  readonly keys: () => Promise<readonly unknown[]>;
  readonly get: (keys: readonly string[]) => Promise<readonly unknown[]>;
  readonly set: (entries: readonly (readonly [string, unknown])[]) => Promise<void>;
  readonly remove: (keys: readonly string[]) => Promise<void>;
}

/** Whether a task of that id is one of own data. */
export const isOwnId = (id: string): boolean => ID.test(id);

export class OwnStore {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf = browserShelf()) {
    this.#shelf = shelf;
  }

  /** All that can be read, the oldest first. */
  async list(): Promise<readonly OwnEntry[]> {
    const found = (await this.#shelf.keys()).filter((key) => typeof key === 'string' && key.startsWith(ABOUT));
    const values = await this.#shelf.get(found.map(String));
    return values
      .flatMap((value) => {
        const parsed = v.safeParse(ownEntry, value);
        return parsed.success ? [parsed.output] : [];
      })
      .sort((a, b) => a.added - b.added);
  }

  /** @throws OwnDataError where there is no room, or the browser keeps nothing */
  async add(data: OwnData, thumbnail: string): Promise<OwnEntry> {
    const entry: OwnEntry = { id: newId(), added: Date.now(), thumbnail, about: aboutOf(data) };
    try {
      await this.#shelf.set([
        [SAMPLES + entry.id, encodeOwn(data)],
        [ABOUT + entry.id, entry],
      ]);
    } catch (cause) {
      const full = cause instanceof Error && cause.name === 'QuotaExceededError';
      throw new OwnDataError(
        full
          ? 'this browser has no room left for these data; remove others of yours, or give fewer samples'
          : 'this browser does not let the page keep data; leave its private mode, or allow this site to store data',
        { cause },
      );
    }
    return entry;
  }

  async rename({ id }: OwnEntry, name: string): Promise<OwnEntry> {
    const entry = await this.find(id);
    const renamed = { ...entry, about: { ...entry.about, name } };
    await this.#shelf.set([[ABOUT + id, renamed]]);
    return renamed;
  }

  async remove(id: string): Promise<void> {
    await this.#shelf.remove([ABOUT + id, SAMPLES + id]);
  }

  /** @throws OwnDataError where nothing is kept under that id, or what is cannot be read */
  async find(id: string): Promise<OwnEntry> {
    const [value] = await this.#shelf.get([ABOUT + id]);
    if (value === undefined) throw missing(id);
    const parsed = v.safeParse(ownEntry, value);
    if (parsed.success) return parsed.output;
    throw new OwnDataError('what is known of these data is damaged; remove them and give the files again');
  }

  /** @throws OwnDataError where they are not there, or damaged */
  async load(id: string): Promise<Dataset> {
    const [value] = await this.#shelf.get([SAMPLES + id]);
    if (value === undefined) throw missing(id);
    if (!(value instanceof ArrayBuffer)) {
      throw new OwnDataError('your stored data are damaged; remove them and give the files again');
    }
    return (await decodeOwn(value)).dataset;
  }
}

/** The task of an entry, which loads its samples from the store. */
export function storedTask({ id, about, thumbnail }: OwnEntry): Task {
  return { ...describedTask(about, id, () => new OwnStore().load(id)), thumbnail };
}

function missing(id: string): OwnDataError {
  return new OwnDataError(
    `the data “${id}” are not in this browser; they may have been removed in another tab, so give the files again`,
  );
}

function newId(): string {
  const letters = crypto.getRandomValues(new Uint8Array(ID_LETTERS));
  return `own-${Array.from(letters, (byte) => String.fromCharCode(97 + (byte % ALPHABET))).join('')}`;
}

/** The database is opened when it is first used, for not every browser lets a page have one. */
function browserShelf(): Shelf {
  let opened: UseStore | null = null;
  const store = (): UseStore => (opened ??= createStore(DATABASE, 'own'));
  return {
    keys: async () => keys(store()),
    get: async (wanted) =>
      wanted.length === 1 ? [await get<unknown>(wanted[0]!, store())] : getMany([...wanted], store()),
    set: async (entries) =>
      setMany(
        entries.map(([key, value]) => [key, value]),
        store(),
      ),
    remove: async (gone) => delMany([...gone], store()),
  };
}
