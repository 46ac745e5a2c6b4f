/** Samples of own data as pictures: values of an image as pixels, of a sequence as lines. */
import { pictureUrl } from '../../figures/heat.ts';
import { layoutWaves } from '../../figures/wave.ts';
import type { Shown } from '../../own/protocol.ts';

/** Of a sequence's picture; a card's is as large as it is shown on a sharp screen. */
const LINES = { x: 0, y: 2, width: 168, height: 106 };

export const isPicture = ({ map }: Shown): boolean => map.grid.length === 2;

/** A data URL, for an `img`. */
export function urlOf(shown: Shown): string {
  if (isPicture(shown)) return pictureUrl(shown.map);
  const lines = layoutWaves(shown.map, LINES).map((path) => `<path d="${path}"/>`);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 168 110" width="168" height="110" preserveAspectRatio="none">' +
    // Read on light and on dark.
    `<g fill="none" stroke="#3b82c4" stroke-width="2.5">${lines.join('')}</g></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
