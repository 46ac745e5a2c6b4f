/** What pictures take from the page: figures as markup, and the styles, fonts and patterns that these need. */
import type { FigureMarkup, PictureParts } from './compose.ts';
import { holdsAny, neededCss, writeOut, type StyleRule } from './css.ts';

/** The page's styles at one moment, in its present theme. */
export interface PageStyle {
  readonly rules: readonly StyleRule[];
  readonly colours: PictureParts['colours'];
  readonly fonts: readonly FontFace[];
}

interface FontFace {
  readonly range: string;
  /** A rule with the font in it. */
  readonly css: string;
}

export async function readPageStyle(): Promise<PageStyle> {
  const root = getComputedStyle(document.documentElement);
  const lookup = (name: string) => root.getPropertyValue(name);
  const dark = isDark(root.colorScheme);
  const rules = [...document.styleSheets].flatMap((sheet) => [...rulesOf(sheet)]);
  const colour = (name: string) => writeOut(lookup(name).trim(), lookup, dark);
  return {
    rules: rules
      .filter((rule) => rule instanceof CSSStyleRule)
      .map(({ selectorText, style }) => ({
        selector: selectorText,
        declarations: writeOut(style.cssText, lookup, dark),
      })),
    colours: { paper: colour('--surface'), ink: colour('--ink'), muted: colour('--muted') },
    fonts: await Promise.all(rules.filter((rule) => rule instanceof CSSFontFaceRule).map(embedFont)),
  };
}

function isDark(scheme: string): boolean {
  if (scheme.includes('light') && scheme.includes('dark')) return matchMedia('(prefers-color-scheme: dark)').matches;
  return scheme.includes('dark');
}

/** All rules that apply now, out of the blocks in which they stand. */
function* rulesOf(holder: { readonly cssRules: CSSRuleList }): Generator<CSSRule> {
  for (const rule of holder.cssRules) {
    if (rule instanceof CSSMediaRule && !matchMedia(rule.conditionText).matches) continue;
    if (rule instanceof CSSGroupingRule) yield* rulesOf(rule);
    yield rule;
  }
}

/** Without its font where that cannot be had: the picture then falls back to the system's. */
async function embedFont({ style, parentStyleSheet }: CSSFontFaceRule): Promise<FontFace> {
  const read = (name: string) => style.getPropertyValue(name);
  const range = read('unicode-range');
  const address = /url\(\s*["']?([^"')]+)/.exec(read('src'))?.[1] ?? '';
  const url = await dataUrl(new URL(address, parentStyleSheet?.href ?? document.baseURI)).catch(() => null);
  if (url === null) return { range, css: '' };
  const css = `@font-face{font-family:${read('font-family')};font-weight:${read('font-weight')};src:url(${url}) format('woff2');unicode-range:${range}}`;
  return { range, css };
}

async function dataUrl(url: URL): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  const blob = await response.blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    const fail = () => reject(new Error(`${url.pathname} could not be read`));
    reader.onload = () =>
      typeof reader.result === 'string' ? resolve(reader.result.replace(/^data:[^;,]*/, 'data:font/woff2')) : fail();
    reader.onerror = fail;
    reader.readAsDataURL(blob);
  });
}

/** The figures of a panel, in the order in which they stand there. */
export function readFigures(holder: ParentNode): FigureMarkup[] {
  return [...holder.querySelectorAll<SVGSVGElement>('svg.figure')].map((svg) => ({
    markup: markupOf(svg),
    width: svg.width.baseVal.value,
    height: svg.height.baseVal.value,
    label: svg.getAttribute('aria-label') ?? '',
  }));
}

/** What only the page needs: names for tests, places of the keyboard's focus, roles of controls. */
const PAGE_ONLY = /^(?:data-|on|tabindex$|role$|aria-(?!label$|hidden$))/;

function markupOf(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return '';
  for (const element of [copy, ...copy.querySelectorAll('*')]) {
    for (const name of element.getAttributeNames()) if (PAGE_ONLY.test(name)) element.removeAttribute(name);
  }
  return new XMLSerializer().serializeToString(copy);
}

/** The styles, fonts and shared definitions that the figures and their texts need. */
export function dress(
  style: PageStyle,
  figures: readonly FigureMarkup[],
  { classes, text }: { readonly classes: string; readonly text: string },
): Pick<PictureParts, 'css' | 'defs' | 'colours'> {
  const markup = figures.map((figure) => figure.markup).join('\n');
  const defs = definitions(markup, neededCss(style.rules, `<g class="${classes}"/>${markup}`));
  const css = neededCss(style.rules, `<g class="${classes}"/>${markup}${defs}`);
  const letters = `${text}${markup.replaceAll(/<[^>]*>/g, '')}`;
  const fonts = style.fonts.filter(({ range }) => holdsAny(range, letters)).map((font) => font.css);
  return { css: [...fonts, css].join('\n'), defs, colours: style.colours };
}

/** Patterns and shapes that are referred to, but stand elsewhere on the page. */
function definitions(markup: string, css: string): string {
  const references = `${markup}${css}`.matchAll(/(?:url\(\s*(?:&quot;|["'])?|href=")#([^"')&\s]+)/g);
  const ids = new Set([...references].map(([, id = '']) => id));
  return [...ids]
    .filter((id) => !markup.includes(` id="${id}"`))
    .map((id) => document.getElementById(id))
    .filter((element) => element instanceof SVGElement)
    .map((element) => new XMLSerializer().serializeToString(element))
    .join('');
}
