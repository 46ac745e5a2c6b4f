/** Pictures that stand alone: the styles that they need, and the figures put together. */
import { describe, expect, it } from 'vitest';
import { composePicture, pictureName, spreadSteps } from '../../src/app/pictures/compose.ts';
import { holdsAny, neededCss, writeOut } from '../../src/app/pictures/css.ts';
import { reviveMessages, writeMessages } from '../support/recorded.ts';
import type { FromEngine } from '../../src/engine/protocol.ts';
import { FAKE_IMAGES, fakeSnapshot } from './app-fixture.ts';

const VARIABLES: Readonly<Record<string, string>> = { '--ink': '#111', '--cat': 'light-dark(rgb(1, 2, 3), #ddd)' };
const lookup = (name: string) => VARIABLES[name] ?? '';

describe('written-out styles', () => {
  it.each([
    ['fill: var(--ink)', 'fill: #111'],
    ['fill: var( --ink , red)', 'fill: #111'],
    ['fill: var(--none, var(--ink))', 'fill: #111'],
    ['fill: var(--none)', 'fill: var(--none)'],
    ['fill: var(--cat); stroke: light-dark(a, b)', 'fill: #ddd; stroke: b'],
    ['fill: color-mix(in srgb, var(--ink) 5%, var(--cat))', 'fill: color-mix(in srgb, #111 5%, #ddd)'],
    ["fill: url('#hatch')", "fill: url('#hatch')"],
  ])('%s', (css, expected) => {
    expect(writeOut(css, lookup, true)).toBe(expected);
  });

  it('takes the first colour in light', () => {
    expect(writeOut('fill: var(--cat)', lookup, false)).toBe('fill: rgb(1, 2, 3)');
  });
});

describe('needed rules', () => {
  const markup = '<svg class="figure network"><g class="cell gone"><text class="name"/></g></svg>';
  const needed = (selector: string) => neededCss([{ selector, declarations: 'fill:red' }], markup);

  it.each(['.figure', '.figure text', '.network.figure > .cell', '.cell:not(.chosen, .lit) .name', '.gone'])(
    'keeps %s',
    (selector) => expect(needed(selector)).toBe(`${selector}{fill:red}`),
  );

  it.each(['.panel', '.panel .figure', '.lit', 'button', '*', '*::before', '.cell:hover', ':root', '.figure image'])(
    'drops %s',
    (selector) => expect(needed(selector)).toBe(''),
  );

  it('keeps of a list what is needed', () => {
    expect(needed('.lit, .cell:is(.a, .gone), .figure')).toBe('.cell:is(.a, .gone),.figure{fill:red}');
  });
});

it('knows which fonts a text needs', () => {
  const greek = 'U+0370-0377, U+03A3-03FF';
  expect(holdsAny(greek, 'σ 0.3')).toBe(true);
  expect(holdsAny(greek, 'sigma')).toBe(false);
  expect(holdsAny('U+4??', 'ж')).toBe(true);
  expect(holdsAny('', 'any')).toBe(true);
});

describe('a composed picture', () => {
  const parts = {
    classes: 'panel',
    title: 'Is 1 < 2 & 3?',
    subtitle: 'Digits · step 4',
    description: 'What it "shows".',
    figures: [{ markup: '<svg class="figure"/>', width: 400, height: 100, label: 'one' }],
    defs: '<pattern id="hatch"/>',
    css: '.a > .b{fill:red}',
    colours: { paper: '#fff', ink: '#000', muted: '#777' },
  };

  it('has the figure under its title, and escapes what is text', () => {
    const { svg, width } = composePicture(parts);
    expect(width).toBe(448);
    expect(svg).toContain('<title>Is 1 &lt; 2 &amp; 3?</title>');
    expect(svg).toContain('<style>.a &gt; .b{fill:red}</style>');
    expect(svg).toContain('<defs><pattern id="hatch"/></defs>');
    expect(svg).toContain('<rect width="100%" height="100%" fill="#fff"/>');
    expect(svg).not.toContain('>one<');
  });

  it('names several figures and stands them one under the other', () => {
    const one = composePicture(parts);
    const second = { markup: '<svg class="figure"/>', width: 500, height: 50, label: 'two' };
    const both = composePicture({ ...parts, figures: [...parts.figures, second] });
    expect(both.width).toBe(548);
    expect(both.height).toBeGreaterThan(one.height + 50);
    expect(both.svg).toMatch(/>one<[^]*>two</);
  });

  it('keeps a given height, and shrinks where it needs more', () => {
    const { svg, height } = composePicture({ ...parts, height: 60 });
    expect(height).toBe(60);
    const viewBox = /viewBox="0 0 448 (\d+)"/.exec(svg)?.[1];
    expect(Number(viewBox)).toBe(composePicture(parts).height);
  });

  it('breaks a long title between words', () => {
    const { svg } = composePicture({ ...parts, title: 'word '.repeat(30) });
    expect(svg.match(/font-weight="700"/g)?.length).toBeGreaterThan(2);
  });
});

it('names files after panel, task and step', () => {
  expect(pictureName('network', 'fashion-mnist', 412, 'svg')).toBe('dnarch-network-fashion-mnist-step-412.svg');
});

it('spreads frames evenly from the first step to the last', () => {
  expect(spreadSteps(0, 10, 6)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(spreadSteps(0, 2, 240)).toEqual([0, 1, 2]);
  expect(spreadSteps(5, 5, 240)).toEqual([5]);
  expect(spreadSteps(0, 100_000, 240)).toHaveLength(240);
});

it('recorded messages come back as they were', () => {
  const snapshot = fakeSnapshot(FAKE_IMAGES, 0.25, 0);
  const messages: FromEngine[] = [{ type: 'snapshot', snapshot }];
  const [back] = reviveMessages(writeMessages(messages));
  if (back?.type !== 'snapshot') throw new Error('not a snapshot');
  expect(back.snapshot.kernels).toEqual(snapshot.kernels);
  expect(back.snapshot.probe?.blocks).toEqual(snapshot.probe?.blocks);
  expect(back.snapshot.loss).toBeNaN();
  expect(back.snapshot.architecture.blocks.map(({ grid }) => grid)).toEqual(
    snapshot.architecture.blocks.map(({ grid }) => grid),
  );
});
