/** Half the sampling rate, without what the lower rate cannot carry. */

/** Taps on either side of the middle one: the filter falls from pass to stop within about a tenth of the new band. */
const REACH = 48;

/**
 * A sinc that passes below a quarter of the old rate, under a Hann window; scaled to pass a constant unchanged.
 * Symmetric, so that nothing is delayed.
 */
const FILTER = (() => {
  const taps = Array.from({ length: 2 * REACH + 1 }, (_, i) => {
    const t = i - REACH;
    const sinc = t === 0 ? 0.5 : Math.sin((Math.PI * t) / 2) / (Math.PI * t);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * t) / (REACH + 1)));
  });
  const sum = taps.reduce((all, tap) => all + tap, 0);
  return taps.map((tap) => tap / sum);
})();

/** Every second sample of the filtered signal, which is zero before its start and after its end. */
export function halveRate(signal: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.ceil(signal.length / 2) }, (_, i) =>
    FILTER.reduce((sum, tap, k) => sum + tap * (signal[2 * i + k - REACH] ?? 0), 0),
  );
}
