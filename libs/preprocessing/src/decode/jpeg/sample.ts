import { decodeJpeg, decodeJpegScaled } from '#jpeg';
import type { Sampling } from '../options.js';
import { checkTail } from './structure.js';

/**
 * Writes some pixels of a JPEG, and decodes little else.
 *
 * @returns false where the picture is not one for our own decoder; nothing is written then
 */
export function sampleJpeg(
  bytes: Uint8Array,
  { positions, scale, out }: Sampling,
  isReduced: boolean,
): boolean {
  const take = (pixels: Float32Array | Uint8Array): void => {
    out.set(pixels);
  };
  const scanEnd =
    out instanceof Float32Array
      ? decodeJpegScaled(bytes, { positions, isReduced, scale, take })
      : decodeJpeg(bytes, { positions, isReduced, take });
  if (scanEnd === undefined) return false;
  checkTail(bytes, scanEnd);
  return true;
}
