/** Tokens as people read them: text in lines, or an expression whose brackets are indented and shaded by depth. */

/** One line of letters that are all as wide; `operators` and `rest` lie over each other, blanks where the other writes. */
export interface TokenLine {
  readonly operators: string;
  readonly rest: string;
}

/** A bracket with all in it: from a column of a line to a column of a later line, or of the same. */
export interface Nest {
  readonly depth: number;
  readonly line: number;
  readonly from: number;
  readonly lastLine: number;
  /** The column after its last letter, of the broadest of its lines. */
  readonly to: number;
}

export interface TokenLayout {
  readonly lines: readonly TokenLine[];
  readonly nests: readonly Nest[];
}

/** What stands for nothing: an empty text, or a name in angle or square brackets that says so. */
const PADDING = /^(?:[<[]?(?:pad|padding)[>\]]?)?$/i;
const OPENS = /^[[(]./;
const CLOSES = /^[\])]$/;
const INDENT = 2;

/** The tokens' texts, without padding. */
export const wordsOf = (tokens: Uint8Array, names: readonly string[]): string[] =>
  Array.from(tokens, (token) => names[token] ?? '').filter((name) => !PADDING.test(name));

export const isExpression = (words: readonly string[]): boolean => words.some((word) => OPENS.test(word));

/** Letters are written one after the other, a box for one that is not known; words with a blank between them. */
export function textOf(words: readonly string[]): string {
  const letters = words.filter(({ length }) => length === 1).length;
  if (isExpression(words) || letters < words.length / 2) return words.join(' ');
  return words.map((word) => (word.length === 1 ? word : '□')).join('');
}

export function layoutTokens(words: readonly string[], columns: number): TokenLayout {
  return isExpression(words)
    ? layoutExpression(words, columns)
    : { lines: wrapText(textOf(words), columns), nests: [] };
}

/** Lines broken between words; a word that is longer than a line is broken too. */
export function wrapText(text: string, columns: number): TokenLine[] {
  const lines = [''];
  for (const word of text.split(/\s+/).flatMap((whole) => pieces(whole, columns))) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((rest) => ({ operators: '', rest }));
}

const pieces = (word: string, columns: number): string[] =>
  Array.from({ length: Math.ceil(word.length / columns) }, (_, i) => word.slice(i * columns, (i + 1) * columns));

interface Group {
  readonly word: string;
  /** What is in the bracket; null for a plain word. */
  readonly parts: Group[] | null;
  close: string;
  /** Letters on one line. */
  width: number;
}

/** The brackets as a tree. What is not closed ends with the tokens. */
function parse(words: readonly string[]): Group[] {
  const top: Group = { word: '', parts: [], close: '', width: 0 };
  const open = [top];
  for (const word of words) {
    const within = open.at(-1)!;
    if (OPENS.test(word)) {
      const group = { word, parts: [], close: '', width: word.length };
      within.parts?.push(group);
      open.push(group);
    } else if (CLOSES.test(word) && open.length > 1) {
      within.close = word;
      open.pop();
    } else within.parts?.push({ word, parts: null, close: '', width: word.length });
  }
  const measure = (group: Group): number => {
    for (const part of group.parts ?? []) group.width += 1 + measure(part);
    if (group.close !== '') group.width += 1 + group.close.length;
    return group.width;
  };
  measure(top);
  return top.parts ?? [];
}

/** Columns that a bracket's words need at least; deeper ones are indented no further. */
const LEAST = 22;

/**
 * A bracket that fits on a line stays on one; else what is in it goes on beneath, indented, and leaves room at the right
 * for its closing.
 */
function layoutExpression(words: readonly string[], columns: number): TokenLayout {
  const page = new Page();
  const nests: Nest[] = [];
  const place = (group: Group, depth: number, limit: number) => {
    page.write(group.word, group.parts !== null);
    if (group.parts === null) return;
    const [line, from] = [page.line, page.at - group.word.length];
    // Named before what is in it, so that the inner shade lies on the outer one.
    const own = nests.push({ depth, line, from, lastLine: line, to: page.at }) - 1;
    const broken = from + group.width > limit;
    const deeper = broken && limit - from >= LEAST + 2 * INDENT;
    const inner = deeper ? from + INDENT : from;
    const innerLimit = deeper ? limit - INDENT : limit;
    let fresh = false;
    for (const part of group.parts) {
      if (fresh || page.at + 1 + part.width > innerLimit) page.breakLine(inner);
      else page.at += 1;
      const before = page.line;
      place(part, depth + 1, innerLimit);
      // What follows a broken bracket begins a line, so that no shade lies over another.
      fresh = page.line > before;
    }
    if (group.close !== '') {
      if (fresh && deeper) page.at = innerLimit;
      else if (page.at + 2 > limit) page.breakLine(inner);
      page.at += 1;
      page.write(group.close, true);
    }
    nests[own] = { depth, line, from, lastLine: page.line, to: broken ? limit : page.at };
  };
  parse(words).forEach((group, i) => {
    if (i > 0 && page.at + 1 + group.width > columns) page.breakLine(0);
    else if (i > 0) page.at += 1;
    place(group, 0, columns);
  });
  return { lines: page.lines, nests };
}

/** Lines that are written from left to right. */
class Page {
  readonly lines: { operators: string; rest: string }[] = [{ operators: '', rest: '' }];
  /** Column of the next letter. */
  at = 0;

  get line(): number {
    return this.lines.length - 1;
  }

  write(text: string, isOperator: boolean): void {
    const line = this.lines[this.line]!;
    if (isOperator) line.operators = line.operators.padEnd(this.at) + text;
    else line.rest = line.rest.padEnd(this.at) + text;
    this.at += text.length;
  }

  breakLine(indent: number): void {
    this.lines.push({ operators: '', rest: '' });
    this.at = indent;
  }
}
