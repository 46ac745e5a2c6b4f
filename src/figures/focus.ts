/** What a person points at or has chosen, a block or a step: shared by all figures, so that they light up together. */
import { createContext, useContext } from 'react';

export interface Focus {
  /** Index of the block under the pointer, else of the chosen one; null for none. */
  readonly block: number | null;
  /** Index of the chosen block, which stays lit. */
  readonly chosen: number | null;
  /** Points at a block, or at none. */
  readonly point: (block: number | null) => void;
  /** Chooses a block, or none. */
  readonly choose: (block: number | null) => void;
}

/** Apart from `Focus`, so that a crosshair on its way over a chart draws no block again. */
export interface TimeFocus {
  /** The step pointed at in a chart over steps; null for none. */
  readonly step: number | null;
  /** The step that is looked back at; null for the present. */
  readonly lookedBack: number | null;
  /** First and last step that the charts show; null for all. */
  readonly range: StepRange | null;
  readonly pointAtStep: (step: number | null) => void;
  /** Looks back at a step, or, with null, at the present again. */
  readonly lookBack: (step: number | null) => void;
  /** Shows a range of steps in all charts, or, with null, all steps. */
  readonly zoom: (range: StepRange | null) => void;
}

export type StepRange = readonly [first: number, last: number];

const nothing = () => undefined;

/** A figure that stands alone, e.g. in an exported picture, has no focus. */
export const FocusContext = createContext<Focus>({ block: null, chosen: null, point: nothing, choose: nothing });

export const useFocus = (): Focus => useContext(FocusContext);

export const TimeContext = createContext<TimeFocus>({
  step: null,
  lookedBack: null,
  range: null,
  pointAtStep: nothing,
  lookBack: nothing,
  zoom: nothing,
});

export const useTime = (): TimeFocus => useContext(TimeContext);
