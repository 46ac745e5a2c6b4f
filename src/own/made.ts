/** Own data of samples that were made on the page. */
import { assemble } from './assemble.ts';
import { fit } from './fit.ts';
import { type Around, type OwnData, OwnDataError, type OwnOptions } from './own.ts';
import type { Made } from './protocol.ts';
import { Notes, type Reading, pacer } from './reading.ts';
import { volume } from './samples.ts';

/** @throws OwnDataError where there are too few samples or classes */
export async function readMade(made: Made, options: OwnOptions, around: Around): Promise<OwnData> {
  const { name, format, grid, channels, classes, samples } = made;
  const size = volume(grid) * channels;
  const inputs = new Uint8Array(samples.length * size);
  for (const [index, { values }] of samples.entries()) {
    if (values.length !== size) throw new OwnDataError(`sample ${index + 1} has another size than the others`);
    inputs.set(values, index * size);
  }
  const { decodeImage, progress, signal } = around;
  const reading: Reading = { options, decodeImage, notes: new Notes(), pace: pacer(progress, signal) };
  const train = { count: samples.length, inputs, labels: Uint8Array.from(samples, ({ label }) => label) };
  const found = { format, kind: 'classes', names: classes, grid, channels, train, test: null } as const;
  return assemble(name, await fit(found, reading), reading);
}
