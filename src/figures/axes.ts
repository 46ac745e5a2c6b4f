/** Marks of an axis. */
export type Ticks = readonly { readonly value: number; readonly at: number }[];
