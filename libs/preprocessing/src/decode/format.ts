/** The picture formats that are decoded here. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'tiff';

const BMP_HEADER_SIZES: readonly number[] = [12, 40, 52, 56, 64, 108, 124];

/**
 * Tells the format by the bytes alone, with the same signatures as Pillow's `_accept` functions;
 * for BMP also a known header size, for text may start with `BM`.
 * Anything else (SVG, HEIC, AVIF, PDF, HTML, …) is undefined.
 */
export function detectFormat(bytes: Uint8Array): ImageFormat | undefined {
  const prefix = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 18));
  const latin1 = prefix.toString('latin1');
  if (latin1.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (latin1.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^RIFF[^]{4}WEBPVP8[ XL]/.test(latin1)) return 'webp';
  if (/^GIF8[79]a/.test(latin1)) return 'gif';
  if (/^(?:II[*+]\0|MM\0[*+])/.test(latin1)) return 'tiff';
  if (latin1.startsWith('BM') && prefix.length >= 18) {
    return BMP_HEADER_SIZES.includes(prefix.readUInt32LE(14)) ? 'bmp' : undefined;
  }
  return undefined;
}
