import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { GoldenImage } from '#model-spec';
import { decode } from '#preprocessing';
import { MAX_PIXELS } from '../images/limits.js';

/** Lowercase hexadecimal SHA-256 of an array's own bytes. */
export function sha256(data: Float32Array | Uint16Array | Uint8Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

/** The pixels that Keras had at the model's size, where they are kept and are what their hash says. */
export async function resizedReference(
  folder: string,
  { stages }: GoldenImage,
): Promise<Uint8Array | undefined> {
  const { reference, sha256: hash } = stages?.resized ?? {};
  if (reference === undefined) return undefined;
  const png = await readFile(join(folder, reference)).catch(() => undefined);
  const pixels =
    png && (await decode(png, { maxPixels: MAX_PIXELS, mode: 'exact', target: [1, 1] }));
  return pixels && sha256(pixels.data) === hash ? pixels.data : undefined;
}

/** The tensor's float32 elements, likewise. */
export async function tensorReference(
  folder: string,
  { tensor: { reference, dtype, sha256: hash, shape } }: GoldenImage,
): Promise<Float32Array | undefined> {
  if (reference === undefined || dtype !== 'DT_FLOAT') return undefined;
  const elements = shape.reduce((product, size) => product * size, 1);
  const file = await readFile(join(folder, reference)).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const bytes = gunzipSync(file, { maxOutputLength: elements * 4 });
    if (bytes.length !== elements * 4) return undefined;
    // A copy: what was read may lie at any address.
    const floats = new Float32Array(new Uint8Array(bytes).buffer);
    return sha256(floats) === hash ? floats : undefined;
  } catch {
    return undefined;
  }
}
