/** What is known of own data, checked where it comes back from a store. */
import * as v from 'valibot';
import type { OwnAbout, OwnData } from './own.ts';
import { IGNORE } from '../tasks/task.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(
  v.number(),
  v.finite(),
  v.check((value) => value > 0, 'a positive number was expected'),
);
const halves = v.object({ train: count, test: count });

export const affine = v.object({ scale: positive, offset: v.pipe(v.number(), v.finite()) });

/** All of `OwnData` but its samples. */
export const ownFields = {
  name: v.string(),
  format: v.string(),
  kind: v.picklist(['classes', 'dense']),
  metric: v.picklist(['accuracy', 'iou', 'relative-l2']),
  grid: v.pipe(v.array(v.pipe(count, v.minValue(1))), v.minLength(1), v.maxLength(2)),
  channels: v.pipe(count, v.minValue(1)),
  sampling: v.exactOptional(v.object({ rate: positive, isSound: v.boolean() })),
  classes: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(IGNORE)),
  counts: v.array(halves),
  field: v.exactOptional(affine),
  notes: v.array(v.string()),
};

export const ownAbout: v.GenericSchema<unknown, OwnAbout> = v.object({ ...ownFields, samples: halves });

export function aboutOf({ dataset, ...rest }: OwnData): OwnAbout {
  return { ...rest, samples: { train: dataset.train.count, test: dataset.test.count } };
}
