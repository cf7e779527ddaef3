import type { Pixels } from '../pixels.js';
import { ByteReader } from './byte-reader.js';
import { UndecodableImageError } from '../errors.js';
import { open, toRgb } from './libvips.js';
import type { LibvipsOptions } from './options.js';
import { checkSize } from './pixel-limit.js';

/** WebP: lossy, lossless, with alpha, or the first frame of an animation on its canvas. */
export async function decodeWebp(bytes: Uint8Array, options: LibvipsOptions): Promise<Pixels> {
  const [width, height] = canvasSize(bytes);
  checkSize(width, height, options.maxPixels);
  return toRgb(await open(bytes, options), width, height);
}

/** The canvas as Pillow's `WebPImagePlugin._get_size` reads it from the first chunk. */
function canvasSize(bytes: Uint8Array): [width: number, height: number] {
  const reader = new ByteReader(bytes, true, 12);
  switch (reader.u32()) {
    case 0x20385056: // 'VP8 '
      reader.skip(4 + 3);
      if (reader.u16() !== 0x019d || reader.u8() !== 0x2a) break;
      return [reader.u16() & 0x3fff, reader.u16() & 0x3fff];
    case 0x4c385056: {
      // 'VP8L'
      reader.skip(4);
      if (reader.u8() !== 0x2f) break;
      const bits = reader.u32();
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    case 0x58385056: {
      // 'VP8X'
      reader.skip(4 + 4);
      const width = reader.u16() + (reader.u8() << 16) + 1;
      return [width, reader.u16() + (reader.u8() << 16) + 1];
    }
  }
  throw new UndecodableImageError();
}
