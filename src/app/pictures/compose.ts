/** One SVG that stands alone, from the figures of a panel. Pure: no DOM in here. */

export interface FigureMarkup {
  /** An `<svg>` element. */
  readonly markup: string;
  readonly width: number;
  readonly height: number;
  /** What it shows, in words. */
  readonly label: string;
}

export interface PictureParts {
  /** Classes of what surrounds the figures, on which rules of the style sheet may depend. */
  readonly classes: string;
  readonly title: string;
  /** One line under the title: which run, which step. */
  readonly subtitle: string;
  readonly description: string;
  readonly figures: readonly FigureMarkup[];
  /** Patterns and the like that the figures refer to. */
  readonly defs: string;
  /** Font faces with the fonts in them, and the rules that the figures need. */
  readonly css: string;
  readonly colours: { readonly paper: string; readonly ink: string; readonly muted: string };
  /** At least as wide, whatever the figures need. */
  readonly minWidth?: number;
  /** Exactly as high; the figures shrink where they are higher. */
  readonly height?: number;
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export const FONT = "'Inter Variable',system-ui,sans-serif";
const PADDING = 24;
const TITLE = { size: 17, line: 23 };
const SMALL = { size: 13, line: 19 };
const GAP = 18;
/** Mean width of a character, as a part of the font's size; on the wide side, since nothing is measured here. */
const CHARACTER = 0.55;

export function composePicture(parts: PictureParts): Picture {
  const { classes, title, subtitle, description, figures, defs, css, colours } = parts;
  const inner = Math.ceil(Math.max(parts.minWidth ?? 320, ...figures.map(({ width }) => width)));
  const width = inner + 2 * PADDING;
  const lines: string[] = [];
  let y = PADDING;
  const write = (text: string, { size, line }: typeof TITLE, style: string) => {
    for (const part of wrap(text, inner / (CHARACTER * size))) {
      lines.push(`<text x="${PADDING}" y="${y + size}" font-size="${size}" ${style}>${escapeXml(part)}</text>`);
      y += line;
    }
  };
  write(title, TITLE, `font-weight="700" fill="${colours.ink}"`);
  write(subtitle, SMALL, `fill="${colours.muted}"`);
  const several = figures.length > 1;
  const top = y + GAP;
  y = top;
  for (const { markup, height, label } of figures) {
    if (several) write(label, SMALL, `fill="${colours.muted}"`);
    lines.push(`<g transform="translate(${PADDING} ${y})">${markup}</g>`);
    y += Math.ceil(height) + GAP;
  }
  const needed = y - GAP + PADDING;
  const height = parts.height ?? needed;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${Math.max(height, needed)}" font-family="${FONT}" style="font-variant-numeric:tabular-nums" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    `<style>${escapeXml(css)}</style>`,
    `<defs>${defs}</defs>`,
    `<rect width="100%" height="100%" fill="${colours.paper}"/>`,
    `<g class="${classes}">`,
    ...lines,
    '</g></svg>',
  ].join('\n');
  return { svg, width, height };
}

/** Lines of at most so many characters, broken between words. */
function wrap(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeXml = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** `dnarch-network-fashion-mnist-step-412.svg` */
export function pictureName(panel: string, task: string, step: number, extension: string): string {
  const words = ['dnarch', panel, task, 'step', String(step)].join('-').toLowerCase();
  return `${words.replaceAll(/[^a-z0-9]+/g, '-')}.${extension}`;
}

/** At most `limit` steps, evenly spread, the first and the last among them. */
export function spreadSteps(first: number, last: number, limit: number): number[] {
  const count = Math.max(1, Math.min(limit, last - first + 1));
  return Array.from({ length: count }, (_, i) => first + Math.round(((last - first) * i) / Math.max(1, count - 1)));
}
