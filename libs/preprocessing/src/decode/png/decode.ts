import type { Pixels } from '../../pixels.js';
import { open, toRaw, toRgb } from '../libvips.js';
import type { LibvipsOptions } from '../options.js';
import { readHeader } from './header.js';

/** PNG of every colour type, depth and interlace; of an animation the picture that comes first. */
export async function decodePng(bytes: Uint8Array, options: LibvipsOptions): Promise<Pixels> {
  const { width, height, bitDepth, colourType } = readHeader(bytes, options.maxPixels);
  const image = await open(bytes, options);
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
