/** The marks of one block in any figure: they light up when the block is pointed at anywhere. */
import type { ReactNode } from 'react';
import { useFocus } from './focus.ts';

interface Props {
  readonly block: number;
  readonly kept: boolean;
  readonly transform?: string;
  /** The area that reacts to the pointer, behind the marks. */
  readonly area: { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number };
  readonly children: ReactNode;
}

export function BlockGroup({ block, kept, transform, area, children }: Props) {
  const focus = useFocus();
  const lit = focus.block === block ? ' lit' : '';
  return (
    <g
      className={`block${kept ? '' : ' gone'}${lit}`}
      transform={transform}
      onPointerEnter={() => focus.point(block)}
      onPointerLeave={() => focus.point(null)}
      onClick={() => focus.choose(focus.chosen === block ? null : block)}
    >
      <rect className="block-area" x={area.x ?? 0} y={area.y ?? 0} width={area.width} height={area.height} rx={6} />
      {children}
    </g>
  );
}
