/**
 * The frame that charts over steps share: rules, numbers at both axes, and a crosshair common to all of them.
 * A click or the arrow keys look back at a step, a drag over a range of steps shows that range alone.
 */
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { nearestIndex, pixelOf, stepAt, type AtStep, type StepAxis, type Ticks } from './axes.ts';
import { useTime } from './focus.ts';

export const MARGIN = { top: 8, right: 34, bottom: 22, left: 44 } as const;

/** A drag shorter than this many pixels is a click. */
const MIN_DRAG = 6;
/** Points that Page Up and Page Down go, of those that one has to go through. */
const PAGE = 1 / 20;

interface Props {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly axis: StepAxis;
  /** What can be looked back at, in order of the steps. */
  readonly steps: readonly AtStep[];
  readonly x: Ticks;
  readonly y: Ticks;
  readonly formatY: (value: number) => string;
  /** What the chart says of a step. */
  readonly describe: (step: number) => string;
  readonly children: ReactNode;
  /** Marks that may reach over the plot's edge. */
  readonly over?: ReactNode;
}

interface Drag {
  readonly from: number;
  readonly to: number;
}

export function Plot({ width, height, label, axis, steps, x, y, formatY, describe, children, over }: Props) {
  const time = useTime();
  const [drag, setDrag] = useState<Drag | null>(null);
  /** What was looked back at before the first click of a double click, which only resets the zoom. */
  const before = useRef<number | null>(null);
  const dragged = useRef(false);
  const plotWidth = axis.width;
  const plotHeight = height - MARGIN.top - MARGIN.bottom;
  const newest = steps.at(-1)?.step ?? 0;
  const shown = time.lookedBack ?? newest;

  const pixel = (event: { readonly currentTarget: Element; readonly clientX: number }) => {
    const box = event.currentTarget.getBoundingClientRect();
    // The page may be enlarged, the drawing's own pixels are not.
    const at = ((event.clientX - box.left) * width) / box.width - MARGIN.left;
    return Math.min(plotWidth, Math.max(0, at));
  };
  const snapped = (at: number): number | null => steps[nearestIndex(steps, stepAt(axis, at))]?.step ?? null;
  const lookAt = (step: number | null) => time.lookBack(step === newest ? null : step);

  const press = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragged.current = false;
    setDrag({ from: pixel(event), to: pixel(event) });
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = pixel(event);
    time.pointAtStep(snapped(at));
    if (drag !== null) setDrag({ from: drag.from, to: at });
  };
  const release = () => {
    setDrag(null);
    if (drag === null || Math.abs(drag.to - drag.from) < MIN_DRAG) return;
    dragged.current = true;
    const ends = [drag.from, drag.to].map((at) => Math.round(stepAt(axis, at))).sort((a, b) => a - b);
    time.zoom([ends[0]!, Math.max(ends[1]!, ends[0]! + 1)]);
  };
  const stop = () => {
    setDrag(null);
    time.pointAtStep(null);
  };
  const click = (event: { readonly detail: number; readonly currentTarget: Element; readonly clientX: number }) => {
    if (dragged.current) return;
    if (event.detail === 1) before.current = time.lookedBack;
    lookAt(snapped(pixel(event)));
  };
  const reset = () => {
    time.lookBack(before.current);
    time.zoom(null);
  };
  const key = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const now = nearestIndex(steps, shown);
    const page = Math.max(1, Math.round(PAGE * steps.length));
    const far: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
    const pages: Readonly<Record<string, number>> = { PageDown: -page, PageUp: page, Home: -now, End: steps.length };
    const by = far[event.key] ?? pages[event.key];
    if (by !== undefined) {
      lookAt(steps[Math.min(steps.length - 1, Math.max(0, now + by))]?.step ?? null);
    } else if (event.key === 'Escape') {
      if (time.lookedBack !== null) time.lookBack(null);
      else if (time.range !== null) time.zoom(null);
      else return;
    } else return;
    event.preventDefault();
  };

  return (
    <svg
      className="figure plot"
      width={width}
      height={height}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={steps[0]?.step ?? 0}
      aria-valuemax={newest}
      aria-valuenow={shown}
      aria-valuetext={describe(shown)}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={stop}
      onPointerLeave={stop}
      onClick={click}
      onDoubleClick={reset}
      onKeyDown={key}
    >
      <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
        <rect className="plot-area" width={plotWidth} height={plotHeight} />
        {y.map(({ value, at }) => (
          <g key={value} transform={`translate(0 ${at})`}>
            <line className="rule" x2={plotWidth} />
            <text className="axis" x={-6} y={4} textAnchor="end">
              {formatY(value)}
            </text>
          </g>
        ))}
        {/* A nested drawing crops what lies beyond the range of steps. */}
        <svg width={plotWidth} height={plotHeight}>
          {children}
        </svg>
        {over}
        <line className="base" x2={plotWidth} y1={plotHeight} y2={plotHeight} />
        {x.map(({ value, at }) => (
          <text key={value} className="axis" x={at} y={plotHeight + 16} textAnchor="middle">
            {value}
          </text>
        ))}
        <StepLine name="looked-back" step={time.lookedBack} axis={axis} height={plotHeight} />
        <StepLine name="crosshair" step={time.step} axis={axis} height={plotHeight} />
        {drag !== null && Math.abs(drag.to - drag.from) >= MIN_DRAG && (
          <rect
            className="brush"
            x={Math.min(drag.from, drag.to)}
            width={Math.abs(drag.to - drag.from)}
            height={plotHeight}
          />
        )}
      </g>
    </svg>
  );
}

interface StepLineProps {
  readonly name: 'looked-back' | 'crosshair';
  readonly step: number | null;
  readonly axis: StepAxis;
  readonly height: number;
}

/** A line across the plot at a step; a triangle at its top marks the step that is looked back at. */
function StepLine({ name, step, axis, height }: StepLineProps) {
  if (step === null || step < axis.first || step > axis.last) return null;
  const x = pixelOf(axis, step);
  return (
    <g className={name} transform={`translate(${x.toFixed(1)} 0)`}>
      <line y2={height} />
      {name === 'looked-back' && <path d="M-5 -7H5L0 1Z" />}
    </g>
  );
}
