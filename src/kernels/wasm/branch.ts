/** The second half of a branch, and its gradients. */
import type { Programs } from '../programs.ts';
import { offsetOf, withScratch, type Own } from './module.ts';
import { addMasked } from './products.ts';
import { CHUNK, placeOf, toTensor, vectored } from './views.ts';

export function branchPrograms(own: Own): Pick<Programs, 'branch' | 'branchGradient' | 'plainBranch'> {
  const { backend, exports } = own;
  return {
    branch: (pre, { dropout }, w, { mask, gate }, shortcut) => {
      const [lines, inner] = pre.shape;
      const { stride, columns: outer } = w;
      const y = backend.makeOutput([lines, outer], 'float32');
      withScratch(own, inner * (outer + 4) + CHUNK * (inner + outer), (scratch) => {
        exports.branch(
          offsetOf(own, pre),
          offsetOf(own, dropout),
          lines / (dropout?.shape[0] ?? lines),
          placeOf(own, w),
          stride,
          placeOf(own, mask),
          placeOf(own, gate),
          offsetOf(own, shortcut),
          shortcut.shape[1],
          offsetOf(own, y),
          lines,
          inner,
          outer,
          scratch,
        );
      });
      return toTensor(y);
    },
    branchGradient: (pre, { dropout }, w, masked, dy) => {
      const [lines, inner] = pre.shape;
      const { stride, columns: outer } = w;
      const dPre = backend.makeOutput([lines, inner], 'float32');
      const dW = backend.makeOutput([inner, outer], 'float32');
      const entries = inner * outer + vectored(inner, outer) + 4 * (outer + CHUNK) + 2 * CHUNK * inner;
      withScratch(own, entries, (scratch) => {
        exports.branchGradient(
          offsetOf(own, pre),
          offsetOf(own, dropout),
          lines / (dropout?.shape[0] ?? lines),
          placeOf(own, w),
          stride,
          placeOf(own, masked.mask),
          placeOf(own, masked.gate),
          offsetOf(own, dy),
          offsetOf(own, dPre),
          offsetOf(own, dW),
          lines,
          inner,
          outer,
          scratch,
        );
      });
      addMasked(own, dW, w, masked, w);
      backend.disposeData(dW.dataId);
      return toTensor(dPre);
    },
    plainBranch: (x, shortcut, { mix1, bias, mix2 }) => {
      const [lines, width] = x.shape;
      const { rows: inner, columns: outer } = mix2;
      const y = backend.makeOutput([lines, outer], 'float32');
      withScratch(own, 4 * Math.max(width, inner) + CHUNK * (inner + outer), (scratch) => {
        exports.plainBranch(
          offsetOf(own, x),
          width,
          placeOf(own, mix1),
          placeOf(own, bias),
          bias.rows,
          placeOf(own, mix2),
          offsetOf(own, shortcut),
          shortcut.shape[1],
          offsetOf(own, y),
          lines,
          inner,
          outer,
          scratch,
        );
      });
      return toTensor(y);
    },
  };
}
