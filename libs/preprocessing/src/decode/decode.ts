import { UndecodableImageError, UnsupportedImageError } from '../errors.js';
import type { Pixels } from '../pixels.js';
import { decodeBmp } from './bmp/decode.js';
import { detectFormat } from './format.js';
import { decodeGif } from './gif/decode.js';
import { decodeJpeg } from './jpeg/decode.js';
import { decodePng } from './png/decode.js';
import { decodeTiff } from './tiff/decode.js';
import { decodeWebp } from './webp.js';

export interface DecodeOptions {
  /** The most pixels that are decoded; the header is checked before any work. */
  readonly maxPixels: number;
  /**
   * `exact`: Pillow's pixels, byte for byte. `fast`: a JPEG at least three times as large as the
   * target is decoded at 1/3, 1/5 or 1/9 of its size, mostly within libjpeg's DCT; CMYK and other
   * formats as `exact`.
   */
  readonly mode: 'exact' | 'fast';
  /** Height and width below which `fast` must not go; without it nothing is reduced. */
  readonly target?: readonly [height: number, width: number];
}

/**
 * Encoded bytes to RGB, byte for byte as Pillow 13's `Image.open(f).convert("RGB")`: first frame,
 * alpha dropped, ICC profile ignored, EXIF orientation ignored (but a TIFF's own orientation
 * applied, as Pillow does).
 * @throws UnsupportedImageError where the format, or that kind of it, is not decoded
 * @throws UndecodableImageError where the bytes are empty, truncated or corrupt
 * @throws ImageTooLargeError where the header declares more than `maxPixels`
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  if (bytes.length === 0) throw new UndecodableImageError('The image is empty.');
  const format = detectFormat(bytes);
  switch (format) {
    case 'jpeg':
      return decodeJpeg(bytes, options);
    case 'png':
      return decodePng(bytes, options.maxPixels);
    case 'webp':
      return decodeWebp(bytes, options.maxPixels);
    case 'gif':
      return decodeGif(bytes, options.maxPixels);
    case 'bmp':
      return decodeBmp(bytes, options.maxPixels);
    case 'tiff':
      return decodeTiff(bytes, options.maxPixels);
    case undefined:
      throw new UnsupportedImageError();
  }
}
