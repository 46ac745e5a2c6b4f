/** The figures of an experiment as SVG: the metric against the cost, and each axis over the steps. D3 computes. */
import { extent, line as lineOf, scaleLinear, scaleLog, schemeTableau10 } from 'd3';
import { METRIC_NAMES } from '../metricNames.ts';
import { seriesOf, type Line, type Moment } from './lines.ts';
import { isLearned } from './grid.ts';
import { shapesFigure } from './shapesFigure.ts';
import { distinct, groupsOf, type Group } from './statistics.ts';
import { document, escaped, short } from './svg.ts';

const PANEL = { width: 300, height: 220, left: 52, right: 14, top: 26, bottom: 36 } as const;
const LEGEND = 28;

/** A scale of D3's, as far as a panel draws it. */
interface Scale {
  (value: number): number;
  ticks(count: number): number[];
  tickFormat(count: number): (value: number) => string;
}

interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly x: Scale;
  readonly y: Scale;
  /** Markup in the panel's coordinates. */
  readonly marks: string;
}

const across = { from: PANEL.left, to: PANEL.width - PANEL.right } as const;
const down = { from: PANEL.height - PANEL.bottom, to: PANEL.top } as const;

/** All figures of an experiment, by the names of their files; the shapes of each group's first run. */
export function figuresOf(lines: readonly Line[]): Readonly<Record<string, string>> {
  const groups = groupsOf(lines);
  return {
    'metric.svg': metricFigure(groups),
    'axes.svg': axesFigure(lines),
    'shapes.svg': shapesFigure(groups.flatMap(({ lines: [first] }) => first ?? [])),
  };
}

/** One panel a task; a mark a group with its standard deviation, and a line through the budgets of a rung. */
export function metricFigure(groups: readonly Group[]): string {
  const names = distinct(groups.map(({ spec }) => seriesOf(spec)));
  const panels = distinct(groups.map(({ spec }) => spec.task)).map((task): Panel => {
    const own = groups.filter(({ spec }) => spec.task === task);
    const name = own[0]?.lines[0]?.metric.name ?? 'accuracy';
    const x = scaleLog(
      padded(
        own.map(({ macs }) => macs.mean / 1e6),
        'log',
      ),
      [across.from, across.to],
    );
    const y = scaleLinear(
      padded(own.flatMap(({ metric: { mean, deviation } }) => [mean - (deviation ?? 0), mean + (deviation ?? 0)])),
      [down.from, down.to],
    ).nice();
    const marks = names.map((series) => {
      const points = own
        .filter((group) => seriesOf(group.spec) === series)
        .map(({ macs, metric }) => ({ x: x(macs.mean / 1e6), metric }))
        .sort((a, b) => a.x - b.x);
      const stroke = colourOf(names, series);
      const path = pathOf(points.map((point) => [point.x, y(point.metric.mean)]));
      const dots = points.map(({ x: at, metric: { mean, deviation } }) => {
        const [low, high] = [y(mean - (deviation ?? 0)), y(mean + (deviation ?? 0))].map(short);
        const whisker = `<line x1="${short(at)}" x2="${short(at)}" y1="${low ?? ''}" y2="${high ?? ''}" stroke="${stroke}"/>`;
        return `${whisker}<circle cx="${short(at)}" cy="${short(y(mean))}" r="3.5" fill="${stroke}"/>`;
      });
      return `${path === '' ? '' : `<path d="${path}" fill="none" stroke="${stroke}"/>`}${dots.join('')}`;
    });
    return { title: `${task}: ${METRIC_NAMES[name]}`, xLabel: 'MMAC a sample', x, y, marks: marks.join('') };
  });
  return sheet(panels, 3, names);
}

const AXES_SHOWN = [
  ['kernel', 'taps'],
  ['resolution', 'part of the grid, an axis'],
  ['width', 'part of the channels'],
  ['depth', 'blocks'],
  ['ratio', 'cost/budget'],
] as const satisfies readonly (readonly [keyof Moment, string])[];

/** One row a task, one panel an axis of the method and the cost; a thin line a run that learned something. */
export function axesFigure(lines: readonly Line[]): string {
  const learned = lines.filter(({ spec }) => isLearned(spec.rung));
  const names = distinct(learned.map((line) => seriesOf(line.spec)));
  const panels = distinct(learned.map(({ spec }) => spec.task)).flatMap((task) => {
    const own = learned.filter(({ spec }) => spec.task === task);
    const moments = own.flatMap(({ history }) => history);
    return AXES_SHOWN.map(([axis, unit]): Panel => {
      const last = Math.max(...moments.map(({ step }) => step));
      const x = scaleLinear([0, last], [across.from, across.to]);
      const y = scaleLinear(padded(moments.map((moment) => moment[axis])), [down.from, down.to]).nice();
      const marks = own.map((line) => {
        const path = pathOf(line.history.map((moment) => [x(moment.step), y(moment[axis])]));
        return `<path d="${path}" fill="none" stroke="${colourOf(names, seriesOf(line.spec))}" stroke-opacity="0.7"/>`;
      });
      return { title: `${task}: ${unit}`, xLabel: 'steps', x, y, marks: marks.join('') };
    });
  });
  return sheet(panels, AXES_SHOWN.length, names);
}

function colourOf(names: readonly string[], name: string): string {
  return schemeTableau10[names.indexOf(name) % schemeTableau10.length] ?? '#000';
}

/** What the values span, and a little more; something even where they are all the same. */
function padded(values: readonly number[], kind: 'linear' | 'log' = 'linear'): [number, number] {
  const [low = 0, high = 1] = extent(values);
  if (kind === 'log') return [low / 1.15, high * 1.15];
  const margin = Math.max((high - low) * 0.06, Math.abs(high) * 1e-3, 1e-6);
  return [low - margin, high + margin];
}

function pathOf(points: [number, number][]): string {
  return points.length < 2 ? '' : (lineOf().digits(1)(points) ?? '');
}

function sheet(panels: readonly Panel[], columns: number, names: readonly string[]): string {
  const across = Math.min(columns, Math.max(1, panels.length));
  const width = Math.max(across * PANEL.width, names.length * 130);
  const height = LEGEND + Math.ceil(panels.length / across) * PANEL.height;
  const legend = names.map(
    (name, i) =>
      `<circle cx="${16 + 130 * i}" cy="14" r="5" fill="${colourOf(names, name)}"/>` +
      `<text x="${26 + 130 * i}" y="18">${escaped(name)}</text>`,
  );
  const drawn = panels.map((panel, i) => {
    const [x, y] = [(i % across) * PANEL.width, LEGEND + Math.floor(i / across) * PANEL.height];
    return `<g transform="translate(${x} ${y})">${panelOf(panel)}</g>`;
  });
  return document(width, height, [...legend, ...drawn]);
}

/** Plain numbers; nothing where a logarithmic scale has too many ticks to name. */
function labels(scale: Scale): (tick: number) => string {
  const format = scale.tickFormat(4);
  return (tick) => (format(tick) === '' ? '' : String(Number(tick.toPrecision(6))));
}

function panelOf({ title, xLabel, x, y, marks }: Panel): string {
  const [xFormat, yFormat] = [labels(x), labels(y)];
  const xTicks = x.ticks(4).map((tick) => {
    const at = short(x(tick));
    return `<line x1="${at}" x2="${at}" y1="${down.from}" y2="${down.from + 4}" stroke="#666"/><text x="${at}" y="${down.from + 15}" text-anchor="middle">${xFormat(tick)}</text>`;
  });
  const yTicks = y.ticks(4).map((tick) => {
    const at = short(y(tick));
    return `<line x1="${across.from}" x2="${across.to}" y1="${at}" y2="${at}" stroke="#ddd"/><text x="${across.from - 6}" y="${at}" dy="0.35em" text-anchor="end">${yFormat(tick)}</text>`;
  });
  return [
    `<text x="${across.from}" y="16" font-weight="bold">${escaped(title)}</text>`,
    ...yTicks,
    `<line x1="${across.from}" x2="${across.to}" y1="${down.from}" y2="${down.from}" stroke="#666"/>`,
    ...xTicks,
    `<text x="${(across.from + across.to) / 2}" y="${PANEL.height - 6}" text-anchor="middle">${xLabel}</text>`,
    marks,
  ].join('');
}
