/** Numbers as the page writes them: few digits, always as many, so that nothing jumps. */

/** Multiply–accumulates with three significant digits: `1.24 MMAC`, `56.0 kMAC`. */
export function formatMacs(macs: number): string {
  const [scale, unit] = macs >= 999_500_000 ? [1e9, 'GMAC'] : macs >= 999_500 ? [1e6, 'MMAC'] : [1e3, 'kMAC'];
  const value = macs / scale;
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${unit}`;
}

/** A fraction as percent: `86.1 %`; a dash where there is no number yet. */
export function formatPercent(fraction: number, digits = 1): string {
  return Number.isFinite(fraction) ? `${(100 * fraction).toFixed(digits)} %` : '–';
}

/** A loss or an error: three decimals, `0.036`, more of what is very small and fewer of what is large. */
export function formatDecimal(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value.toFixed(value < 0.00995 && value > 0 ? 5 : value < 9.995 ? 3 : 1);
}

/** Milliseconds a step, or a dash before the first one. */
export function formatTime(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds <= 0) return '–';
  return milliseconds < 99.95 ? `${milliseconds.toFixed(1)} ms` : `${milliseconds.toFixed(0)} ms`;
}

export const formatSizes = (sizes: readonly number[]): string => sizes.map((size) => Math.round(size)).join('×');

/** A ratio of two grids: `÷1.56`, or `÷1.56×2.00` where the axes differ. */
export function formatRatio(ratios: readonly number[]): string {
  const texts = ratios.map((ratio) => ratio.toFixed(2));
  return `÷${new Set(texts).size === 1 ? (texts[0] ?? '') : texts.join('×')}`;
}
