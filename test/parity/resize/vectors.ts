import { createHash } from 'node:crypto';

/** SHA-256 of an array's bytes (float32: little-endian), hexadecimal. */
export function digest({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

/** `300x200` as numbers. */
export function sizeOf(text: string): [number, number] {
  const [first, second] = text.split('x').map(Number);
  return [first!, second!];
}
