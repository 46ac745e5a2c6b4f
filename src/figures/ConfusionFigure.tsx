/** Which classes the network takes for which, on held-out data. */
import { memo, useMemo, useState, type KeyboardEvent, type PointerEvent } from 'react';
import {
  cellAt,
  describeCell,
  isUpright,
  layoutConfusion,
  NAME_GAP,
  SHADES,
  stepCell,
  worstConfusions,
  type Confusion,
  type ConfusionLayout,
} from './confusion.ts';
import { Measured } from './Measured.tsx';
import { fitText } from './networkFacts.ts';

interface Cell {
  readonly truth: number;
  readonly answer: number;
}

export const ConfusionFigure = memo(function ConfusionFigure({ names, counts }: Confusion) {
  const confusion = useMemo(() => ({ names, counts }), [names, counts]);
  const [cell, setCell] = useState<Cell | null>(null);
  const worst = useMemo(() => worstConfusions(confusion, 3), [confusion]);
  const [most] = worst;
  const words = most === undefined ? 'Nothing is confused.' : `Most often: ${worst.join('; ')}.`;
  return (
    <div className="confusion" data-testid="figure-confusion">
      {/* What changes as it trains is not said; what is asked for is. */}
      <p className="reading verdict" aria-live={cell === null ? 'off' : 'polite'}>
        {cell !== null && <b>{describeCell(confusion, cell.truth, cell.answer)}</b>}
        {cell === null && (most === undefined ? words : `Most often: ${most}.`)}
      </p>
      <Measured>{(width) => <Matrix {...{ confusion, words, cell, width }} onCell={setCell} />}</Measured>
    </div>
  );
});

interface MatrixProps {
  readonly confusion: Confusion;
  readonly words: string;
  readonly cell: Cell | null;
  readonly width: number;
  readonly onCell: (cell: Cell | null) => void;
}

function Matrix({ confusion, words, cell, width, onCell }: MatrixProps) {
  const classes = confusion.names.length;
  const layout = useMemo(() => layoutConfusion(confusion, width), [confusion, width]);
  const { left, top, pitch } = layout;
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    // The page may be enlarged, the drawing's own pixels are not.
    const scale = layout.width / box.width;
    onCell(cellAt(layout, classes, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale));
  };
  const key = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = stepCell(cell ?? { truth: 0, answer: 0 }, event.key, classes);
    if (next === null) return;
    event.preventDefault();
    onCell(next);
  };
  return (
    <svg
      className="figure confusion-matrix"
      width={layout.width}
      height={layout.height}
      role="application"
      aria-roledescription="confusion matrix"
      aria-label={`Rows are the truth, columns the answer. ${words}`}
      tabIndex={0}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => onCell(null)}
      onFocus={() => onCell(cell ?? { truth: 0, answer: 0 })}
      onBlur={() => onCell(null)}
      onKeyDown={key}
    >
      <Cells confusion={confusion} layout={layout} />
      {cell !== null && (
        <g className="confusion-cell">
          <rect x={left + cell.answer * pitch} y={top + cell.truth * pitch} width={pitch} height={pitch} />
          <path d={`M${left} ${top + (cell.truth + 0.5) * pitch}h-5M${left + (cell.answer + 0.5) * pitch} ${top}v-5`} />
        </g>
      )}
    </svg>
  );
}

interface CellsProps {
  readonly confusion: Confusion;
  readonly layout: ConfusionLayout;
}

/** Memoised: pointing at a cell draws none of them again. */
const Cells = memo(function Cells({ confusion: { names }, layout }: CellsProps) {
  const { left, top, pitch, everyName, numbers } = layout;
  const side = names.length * pitch;
  const longest = Math.max(...names.map(({ length }) => length));
  const upright = isUpright(longest, pitch);
  return (
    <>
      <rect className="track" x={left} y={top} width={side} height={side} />
      <Shades name="right" paths={layout.right} />
      <Shades name="wrong" paths={layout.wrong} />
      {numbers.map(({ x, y, text }) => (
        <text key={`${x} ${y}`} className="number" x={x} y={y} textAnchor="middle">
          {text}
        </text>
      ))}
      {names.map((name, i) =>
        i % everyName === 0 ? (
          <g key={i}>
            <text className="number" x={left - 7} y={top + (i + 0.5) * pitch + 4} textAnchor="end">
              {fitText(name, left - NAME_GAP)}
            </text>
            <text
              className="number"
              transform={`translate(${left + (i + 0.5) * pitch + (upright ? 0 : 4)} ${top - 7})${upright ? '' : ' rotate(-90)'}`}
              textAnchor={upright ? 'middle' : 'start'}
            >
              {fitText(name, upright ? pitch : top - NAME_GAP)}
            </text>
          </g>
        ) : null,
      )}
      <text x={left} y={12}>
        answer →
      </text>
      <text transform={`translate(12 ${top + side}) rotate(-90)`}>← truth</text>
    </>
  );
});

const Shades = ({ name, paths }: { readonly name: string; readonly paths: readonly string[] }) =>
  paths.map((path, shade) => (
    <path key={shade} className={`shade-${name}`} fillOpacity={0.1 + (0.5 * shade) / (SHADES - 1)} d={path} />
  ));
