/** All that is drawn with D3, in a piece of its own: the network and the panels under it. */
import { Hatching } from '../figures/MaskCurve.tsx';
import { NetworkPanel } from './NetworkPanel.tsx';
import { Panels } from './Panels.tsx';

export function Figures() {
  return (
    <>
      <Hatching />
      <NetworkPanel />
      <Panels />
    </>
  );
}
