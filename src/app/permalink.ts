/** The settings in the address: only those that differ from their default, each under its own key. */
import { defaultSettings, SETTING_KEYS, textOf, withText, type PageSettings, type SettingTable } from './settings.ts';

export interface ReadLink {
  readonly settings: PageSettings;
  /** What was wrong in the address, one sentence each. */
  readonly notices: readonly string[];
}

/** The part after `#`, empty where all settings have their defaults. */
export function writeLink(table: SettingTable, settings: PageSettings): string {
  const defaults = defaultSettings(table);
  const params = new URLSearchParams();
  for (const key of SETTING_KEYS) {
    const text = textOf(table, settings, key);
    if (text !== textOf(table, defaults, key)) params.set(table[key].url, text);
  }
  return params.toString();
}

/** Reads what follows `#`; a bad value is reported and its default used, the rest stays. */
export function readLink(table: SettingTable, hash: string): ReadLink {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const notices: string[] = [];
  let settings = defaultSettings(table);
  for (const key of SETTING_KEYS) {
    const { url } = table[key];
    const text = params.get(url);
    params.delete(url);
    if (text === null) continue;
    const result = withText(table, settings, key, text);
    if ('settings' in result) settings = result.settings;
    else {
      const instead = textOf(table, settings, key);
      notices.push(`The link says ${url}=${short(text)}, but ${url} ${result.problem}. Using ${instead} instead.`);
    }
  }
  for (const unknown of new Set(params.keys())) {
    notices.push(
      `The link says ${short(unknown)}=${short(params.get(unknown) ?? '')}, which is not a setting of this page. Ignored.`,
    );
  }
  return { settings, notices };
}

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
