/** Walking through the network's picture with the keyboard. */

export interface Walk {
  /** Position that holds the focus: 0 is the input, the last one the output. */
  readonly at: number;
  /** Index of the chosen block; null for none. */
  readonly chosen: number | null;
}

/**
 * What a key does in a picture of `count` positions, input and output among them; null where it does nothing here,
 * so that the page may have it.
 */
export function walk({ at, chosen }: Walk, key: string, count: number): Walk | null {
  const last = count - 1;
  switch (key) {
    case 'ArrowLeft':
      return { at: Math.max(0, at - 1), chosen };
    case 'ArrowRight':
      return { at: Math.min(last, at + 1), chosen };
    case 'Home':
      return { at: 0, chosen };
    case 'End':
      return { at: last, chosen };
    case 'Enter':
    case ' ': {
      const block = blockAt(at, count);
      // Input and output are no blocks: choosing one of them chooses none.
      return { at, chosen: block === chosen ? null : block };
    }
    case 'Escape':
      return chosen === null ? null : { at, chosen: null };
    default:
      return null;
  }
}

/** Index of the block at a position; null for input and output. */
export function blockAt(position: number, count: number): number | null {
  return position > 0 && position < count - 1 ? position - 1 : null;
}
