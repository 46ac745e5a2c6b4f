/** The programs of TF.js's wasm backend: views are read and added to where they lie in its memory. */
import type { View } from '../leaf.ts';
import type { NormViews, Programs } from '../programs.ts';
import { branchPrograms } from './branch.ts';
import { kernelPrograms } from './kernelNetwork.ts';
import { offsetOf, withScratch, type Own } from './module.ts';
import { productPrograms } from './products.ts';
import { placeOf, sinkPlaceOf, toTensor } from './views.ts';

export function programsOn(own: Own): Programs {
  return {
    ...rowPrograms(own),
    ...productPrograms(own),
    ...branchPrograms(own),
    ...normPrograms(own),
    ...kernelPrograms(own),
  };
}

function rowPrograms(own: Own): Pick<Programs, 'read' | 'add' | 'resize' | 'adamW'> {
  const { backend, exports } = own;
  return {
    read: (view) => {
      const { stride, rows, columns } = view;
      const y = backend.makeOutput([rows, columns], 'float32');
      exports.copyRows(placeOf(own, view), offsetOf(own, y), stride, rows, columns, columns);
      return toTensor(y);
    },
    add: (view, dy) => exports.addRows(offsetOf(own, dy), sinkPlaceOf(own, view), view.stride, view.rows, view.columns),
    resize: (x, columns) => {
      const [rows, known] = x.shape;
      const y = backend.makeOutput([rows, columns], 'float32');
      exports.copyRows(offsetOf(own, x), offsetOf(own, y), known, rows, known, columns);
      return toTensor(y);
    },
    adamW: (state, gradient, decay, { learningRate, step, beta1, beta2, epsilon, clip }) =>
      exports.adamW(
        offsetOf(own, state),
        offsetOf(own, gradient),
        offsetOf(own, decay),
        gradient.size,
        learningRate,
        beta1,
        beta2,
        1 / (1 - beta1 ** step),
        1 / (1 - beta2 ** step),
        epsilon,
        clip,
      ),
  };
}

function normPrograms(own: Own): Pick<Programs, 'norm' | 'normGradient'> {
  const { backend, exports } = own;
  const at = ({ scale, shift, mask }: NormViews, place: (own: Own, view: View) => number) =>
    [place(own, scale), place(own, shift), place(own, mask)] as const;
  return {
    norm: (x, views) => {
      const [lines, channels] = x.shape;
      const table = backend.makeOutput([4, channels], 'float32');
      const y = backend.makeOutput([lines, channels], 'float32');
      withScratch(own, 2 * channels, (scratch) => {
        const read = at(views, placeOf);
        exports.norm(offsetOf(own, x), ...read, offsetOf(own, table), offsetOf(own, y), lines, channels, scratch);
      });
      return { table: toTensor(table), value: toTensor(y) };
    },
    normGradient: (x, table, dy, views) => {
      const [lines, channels] = x.shape;
      const dx = backend.makeOutput([lines, channels], 'float32');
      withScratch(own, 5 * channels, (scratch) => {
        exports.normGradient(
          offsetOf(own, x),
          offsetOf(own, table),
          offsetOf(own, dy),
          ...at(views, placeOf),
          ...at(views, sinkPlaceOf),
          offsetOf(own, dx),
          lines,
          channels,
          scratch,
        );
      });
      return toTensor(dx);
    },
  };
}
