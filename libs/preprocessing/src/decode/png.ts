import { crc32 } from 'node:zlib';

import { UndecodableImageError, UnsupportedImageError } from '../errors.js';
import type { Pixels } from '../pixels.js';
import { ByteReader } from './byte-reader.js';
import { open, toRaw, toRgb } from './libvips.js';
import { checkSize } from './pixel-limit.js';

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
}

/** PNG of every colour type, depth and interlace; of an animation the picture that comes first. */
export async function decodePng(bytes: Uint8Array, maxPixels: number): Promise<Pixels> {
  const { width, height, bitDepth, colourType } = readHeader(bytes, maxPixels);
  const image = open(bytes, maxPixels);
  if (bitDepth < 16 || colourType !== 0) return toRgb(image, width, height);
  const words = await toRaw(image.removeAlpha().toColourspace('grey16').raw({ depth: 'ushort' }), {
    width,
    height,
    channels: 1,
  });
  return { width, height, data: clippedGray(words) };
}

/** Pillow's mode I;16 becomes RGB by clipping at 255, not by scaling (`Convert.c`, I16_RGB). */
function clippedGray(words: Buffer): Uint8Array {
  const values = new Uint16Array(words.buffer, words.byteOffset, words.length / 2);
  const data = new Uint8Array(values.length * 3);
  for (let i = 0, to = 0; i < values.length; i++) {
    const value = Math.min(values[i]!, 255);
    data[to++] = value;
    data[to++] = value;
    data[to++] = value;
  }
  return data;
}

/**
 * Walks the chunks up to the pixels as Pillow's `PngImageFile._open` does. It is stricter than
 * libpng: there every checksum counts, also that of a chunk which nobody needs.
 */
function readHeader(bytes: Uint8Array, maxPixels: number): PngHeader {
  const reader = new ByteReader(bytes, false, 8);
  let header: PngHeader | undefined;
  for (;;) {
    const length = reader.u32();
    const start = reader.position;
    const type = Buffer.from(reader.take(4)).toString('latin1');
    if (type === 'IDAT') break;
    if (!/^\w{4}$/.test(type)) throw new UndecodableImageError();
    const chunk = new ByteReader(reader.take(length), false);
    if (crc32(bytes.subarray(start, start + 4 + length)) !== reader.u32()) {
      throw new UndecodableImageError();
    }
    if (type === 'IHDR') {
      header = {
        width: chunk.u32(),
        height: chunk.u32(),
        bitDepth: chunk.u8(),
        colourType: chunk.u8(),
      };
      checkSize(header.width, header.height, maxPixels);
    } else if (type === 'fcTL' && header) {
      checkFirstFrame(chunk, header);
    }
  }
  if (!header) throw new UndecodableImageError();
  return header;
}

/** An animation's first frame must fill the picture, as the specification demands. */
function checkFirstFrame(control: ByteReader, header: PngHeader): void {
  const sequence = control.u32();
  const whole = control.u32() === header.width && control.u32() === header.height;
  if (sequence !== 0 || !whole || control.u32() !== 0 || control.u32() !== 0) {
    throw new UnsupportedImageError(
      'An animated PNG whose first frame is partial is not supported.',
    );
  }
}
