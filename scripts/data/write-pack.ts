/** Writes what `src/tasks/pack.ts` reads: gzipped safetensors, the same bytes for the same tensors. */
import { gzipSync } from 'node:zlib';
import type { Tensor } from '../../src/tasks/pack.ts';

/** Safetensors pads its header with spaces so that the data begins at a multiple of eight. */
const ALIGNMENT = 8;
const OPERATING_SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/** The safetensors file, not compressed. Tensors are laid out in the order of the record. */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, values }] of Object.entries(tensors)) {
    const chunk = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    header[name] = { dtype, shape, data_offsets: [offset, offset + chunk.length] };
    chunks.push(chunk);
    offset += chunk.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((ALIGNMENT - (json.length % ALIGNMENT)) % ALIGNMENT, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding, ...chunks]);
}

/** Gzip without a time, and without the name of the system it ran on. */
export function gzip(bytes: Uint8Array): Buffer {
  const zipped = gzipSync(bytes, { level: 9, memLevel: 9 });
  zipped[OPERATING_SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  return zipped;
}

export function writePack(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  return gzip(writeSafetensors(tensors, metadata));
}
