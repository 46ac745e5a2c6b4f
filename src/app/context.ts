/** How components reach the playground and its state. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Task } from '../tasks/task.ts';
import type { Playground } from './playground.ts';
import type { State } from './state.ts';

export const PlaygroundContext = createContext<Playground | null>(null);

export function usePlayground(): Playground {
  const playground = useContext(PlaygroundContext);
  if (playground === null) throw new Error('This component must stand inside a PlaygroundContext.');
  return playground;
}

/** A part of the state; draws again only when that part changes. */
export function usePart<T>(select: (state: State) => T): T {
  return useStore(usePlayground().store, select);
}

export function useTask(id: string): Task | undefined {
  return usePart(({ tasks }) => tasks.find((task) => task.id === id));
}
