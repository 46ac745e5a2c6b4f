/** The part of a page's style sheet that a picture needs, with every value written out. Pure: no DOM in here. */

export interface StyleRule {
  readonly selector: string;
  readonly declarations: string;
}

/** Selectors of states that a picture cannot be in, of the page around it, and of generated content. */
const ELSEWHERE = /:(?:hover|focus|active|root|host)|::/;

/**
 * Writes out `var()` and `light-dark()`, which many programs that open SVG files do not know.
 *
 * `lookup` gives a custom property's value, or '' where there is none: then the fallback stands, else `var()` stays.
 */
export function writeOut(css: string, lookup: (name: string) => string, dark: boolean): string {
  const variables = replaceCalls(css, 'var', ([name = '', ...fallback]) => {
    const value = lookup(name).trim();
    if (value !== '') return value;
    return fallback.length > 0 ? writeOut(fallback.join(','), lookup, dark) : null;
  });
  return replaceCalls(variables, 'light-dark', ([light = '', night = '']) => (dark ? night : light));
}

/** Replaces each call of a CSS function by what `replace` makes of its arguments; null leaves it as it is. */
function replaceCalls(text: string, name: string, replace: (parts: string[]) => string | null): string {
  const pattern = new RegExp(`(?<![\\w-])${name}\\(`, 'g');
  let result = '';
  let from = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { parts, end } = readArguments(text, pattern.lastIndex);
    const value = replace(parts) ?? text.slice(match.index, end);
    result += text.slice(from, match.index) + value;
    from = pattern.lastIndex = end;
  }
  return result + text.slice(from);
}

/** Arguments from `start` to the parenthesis that closes them, and where the text goes on. */
function readArguments(text: string, start: number): { parts: string[]; end: number } {
  let depth = 1;
  let end = start;
  while (end < text.length && depth > 0) {
    if (text[end] === '(') depth += 1;
    if (text[end] === ')') depth -= 1;
    end += 1;
  }
  return { parts: splitAtCommas(text.slice(start, end - 1)), end };
}

/** Splits at the commas outside of parentheses. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (text[at] !== ',' || depth > 0) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)].map((part) => part.trim());
}

/** The rules whose classes and elements all occur in the markup. */
export function neededCss(rules: readonly StyleRule[], markup: string): string {
  const words = [...markup.matchAll(/\sclass="([^"]*)"/g)].flatMap(([, names = '']) => names.split(/\s+/));
  const classes = new Set(words);
  const elements = new Set([...markup.matchAll(/<([a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  const isNeeded = (selector: string): boolean => {
    if (ELSEWHERE.test(selector)) return false;
    // What stands in :not() and :is() need not be there.
    const plain = selector.replaceAll(/:[\w-]+(?:\([^)]*\))?|\[[^\]]*\]/g, '');
    const neededClasses = [...plain.matchAll(/\.([\w-]+)/g)].map(([, name = '']) => name);
    const neededElements = [...plain.matchAll(/(?:^|[\s>+~])([a-zA-Z][\w-]*)/g)].map(([, name = '']) => name);
    if (neededClasses.length + neededElements.length === 0) return false;
    return neededClasses.every((name) => classes.has(name)) && neededElements.every((name) => elements.has(name));
  };
  return rules
    .map(({ selector, declarations }) => [splitAtCommas(selector).filter(isNeeded).join(','), declarations] as const)
    .filter(([selector]) => selector !== '')
    .map(([selector, declarations]) => `${selector}{${declarations}}`)
    .join('\n');
}

/** Whether a `unicode-range` holds any of the text's characters; an empty range holds all. */
export function holdsAny(range: string, text: string): boolean {
  if (range.trim() === '') return true;
  const spans = range.split(',').map((part): [number, number] => {
    const [low = '', high = low] = part.trim().slice(2).split('-');
    return [parseInt(low.replaceAll('?', '0'), 16), parseInt(high.replaceAll('?', 'f'), 16)];
  });
  return [...new Set(text)].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return spans.some(([low, high]) => code >= low && code <= high);
  });
}
