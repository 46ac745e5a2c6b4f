/** What the figure's colours and lines are, in rows as broad as it is. */

export interface Key {
  readonly name: string;
  readonly className: string;
  /** A stretch of a line instead of a square. */
  readonly isLine?: boolean;
}

/** Colours in `network.css`. */
const COLOURS = 10;
const SWATCH = 11;
const STRETCH = 22;
const LETTER = 7;
const ROW = 20;
const GAP = 18;

export const classColour = (index: number): string => `cat-${(index % COLOURS) + 1}`;

export const keysHeight = (keys: readonly Key[], width: number): number => {
  const last = placeKeys(keys, width).at(-1);
  return last === undefined ? 0 : last.y + ROW + 4;
};

function placeKeys(keys: readonly Key[], width: number) {
  let [x, y] = [0, 0];
  return keys.map((key) => {
    const sign = key.isLine === true ? STRETCH : SWATCH;
    const breadth = sign + 6 + LETTER * key.name.length;
    if (x > 0 && x + breadth > width) [x, y] = [0, y + ROW];
    const place = { ...key, sign, x, y };
    x += breadth + GAP;
    return place;
  });
}

export const Keys = ({ keys, width }: { readonly keys: readonly Key[]; readonly width: number }) =>
  placeKeys(keys, width).map(({ name, className, isLine, sign, x, y }) => (
    <g key={name} transform={`translate(${x} ${y})`}>
      {isLine === true ? (
        <line className={className} x2={sign} y1={8} y2={8} />
      ) : (
        <rect className={className} x={0.5} y={2.5} width={SWATCH} height={SWATCH} rx={2} />
      )}
      <text className="number" x={sign + 6} y={12}>
        {name}
      </text>
    </g>
  ));
