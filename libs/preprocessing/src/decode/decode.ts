import { UndecodableImageError, UnsupportedImageError } from '../errors.js';
import type { Pixels } from '../pixels.js';
import { decodeBmp } from './bmp/decode.js';
import { detectFormat } from './format.js';
import { decodeGif } from './gif/decode.js';
import { decodeJpeg } from './jpeg/decode.js';
import { isQuickJpeg } from './jpeg/quick.js';
import type { DecodeOptions } from './options.js';
import { decodePng } from './png/decode.js';
import { isQuickPng } from './png/quick.js';
import { decodeTiff } from './tiff/decode.js';
import { decodeWebp } from './webp.js';

/**
 * Encoded bytes to RGB, byte for byte as Pillow 13's `Image.open(f).convert("RGB")`: first frame,
 * alpha dropped, ICC profile ignored, EXIF orientation ignored (but a TIFF's own orientation
 * applied, as Pillow does).
 * @throws NeedsLibvipsError where it was not to be used
 * @throws UnsupportedImageError where the format, or that kind of it, is not decoded
 * @throws UndecodableImageError where the bytes are empty, truncated or corrupt
 * @throws ImageTooLargeError where the header declares more than `maxPixels`
 */
export async function decode(
  bytes: Uint8Array,
  options: Omit<DecodeOptions, 'sample'>,
): Promise<Pixels> {
  return (await decodeOrSample(bytes, options))!;
}

/** As `decode`; undefined where `options.sample` was met instead. */
export async function decodeOrSample(
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<Pixels | undefined> {
  if (bytes.length === 0) throw new UndecodableImageError('The image is empty.');
  const format = detectFormat(bytes);
  switch (format) {
    case 'jpeg':
      return decodeJpeg(bytes, options);
    case 'png':
      return decodePng(bytes, options);
    case 'webp':
      return decodeWebp(bytes, options);
    case 'gif':
      return decodeGif(bytes, options.maxPixels);
    case 'bmp':
      return decodeBmp(bytes, options.maxPixels);
    case 'tiff':
      return decodeTiff(bytes, options);
    case undefined:
      throw new UnsupportedImageError();
  }
}

/** Whether nothing but libvips decodes this format: of others it decodes rare kinds, and irregular files. */
export function needsLibvips(bytes: Uint8Array): boolean {
  return detectFormat(bytes) === 'webp';
}

const QUICK_BMP_BYTES = 1024;

/** Whether some pixels of a picture are had in about the time that it takes to ask another thread. */
export function decodesQuickly(bytes: Uint8Array): boolean {
  switch (detectFormat(bytes)) {
    case 'jpeg':
      return isQuickJpeg(bytes);
    case 'png':
      return isQuickPng(bytes);
    case 'bmp':
      return bytes.length < QUICK_BMP_BYTES;
    default:
      return false;
  }
}
