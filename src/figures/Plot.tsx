/** The frame that charts over steps share: rules, numbers at both axes, and room for the plot. */
import type { ReactNode } from 'react';
import type { Ticks } from './axes.ts';

export const MARGIN = { top: 8, right: 34, bottom: 22, left: 44 } as const;

interface Props {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly x: Ticks;
  readonly y: Ticks;
  readonly formatY: (value: number) => string;
  readonly children: ReactNode;
}

export function Plot({ width, height, label, x, y, formatY, children }: Props) {
  const plotWidth = width - MARGIN.left - MARGIN.right;
  const plotHeight = height - MARGIN.top - MARGIN.bottom;
  return (
    <svg className="figure plot" width={width} height={height} role="img" aria-label={label}>
      <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
        {y.map(({ value, at }) => (
          <g key={value} transform={`translate(0 ${at})`}>
            <line className="rule" x2={plotWidth} />
            <text className="axis" x={-6} y={4} textAnchor="end">
              {formatY(value)}
            </text>
          </g>
        ))}
        {children}
        <line className="base" x2={plotWidth} y1={plotHeight} y2={plotHeight} />
        {x.map(({ value, at }) => (
          <text key={value} className="axis" x={at} y={plotHeight + 16} textAnchor="middle">
            {value}
          </text>
        ))}
      </g>
    </svg>
  );
}
