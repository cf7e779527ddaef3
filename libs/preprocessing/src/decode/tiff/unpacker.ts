import { UnsupportedImageError } from '../../errors.js';

/** Turns the first `width` pixels of a row of interleaved samples into RGB. */
export type Unpack = (row: Uint8Array, width: number, rgb: Uint8Array, to: number) => void;

export function unsupported(): UnsupportedImageError {
  return new UnsupportedImageError('A TIFF of that kind of pixels is not supported.');
}
