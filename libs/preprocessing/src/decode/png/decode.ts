import type { Pixels } from '../../pixels.js';
import { open, toRaw, toRgb } from '../libvips.js';
import type { DecodeOptions, LibvipsOptions } from '../options.js';
import { ColourType, readHeader, type PngHeader } from './header.js';
import { decodeRegular, sampleRegular } from './regular.js';

/**
 * PNG of every colour type, depth and interlace; of an animation the picture that comes first.
 *
 * @returns undefined where `options.sample` was met
 */
export async function decodePng(
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<Pixels | undefined> {
  const header = readHeader(bytes, options.maxPixels);
  if (options.sample !== undefined) {
    if (await sampleRegular(bytes, header, options.sample)) return undefined;
  } else {
    const pixels = await decodeRegular(bytes, header);
    if (pixels !== undefined) return pixels;
  }
  return decodeWithLibvips(bytes, header, options);
}

/** Whatever libpng makes of an irregular one. */
export async function decodeWithLibvips(
  bytes: Uint8Array,
  { width, height, bitDepth, colourType }: PngHeader,
  options: LibvipsOptions,
): Promise<Pixels> {
  const image = await open(bytes, options);
  if (bitDepth < 16 || colourType !== ColourType.Gray) return toRgb(image, width, height);
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
