import type { Sharp } from 'sharp';

import type { Pixels } from '../../pixels.js';
import { cmykToRgb } from '../cmyk.js';
import { open, toRaw, toRgb } from '../libvips.js';
import type { DecodeOptions } from '../options.js';
import { checkSize } from '../pixel-limit.js';
import { readHeader } from './header.js';
import { reducedSize } from './reduction.js';
import { checkScans } from './structure.js';

/** JPEG: baseline or progressive, Huffman or arithmetic; gray, YCbCr, RGB, CMYK or YCCK. */
export async function decodeJpeg(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  const header = readHeader(bytes);
  checkSize(header.width, header.height, options.maxPixels);
  checkScans(bytes, header.scanOffset);
  const image = await open(bytes, options.maxPixels);
  // Inks are never reduced: libvips would have to convert them to do so.
  if (header.components === 4) return decodeCmyk(image, header.width, header.height);
  const reduced =
    options.mode === 'fast' && options.target ? reducedSize(header, options.target) : undefined;
  if (!reduced) return toRgb(image, header.width, header.height);
  const { width, height } = reduced;
  return toRgb(image.resize(width, height, { fit: 'fill', kernel: 'cubic' }), width, height);
}

/** Four components are inks, stored inverted whatever the markers say: Pillow's raw mode CMYK;I. */
async function decodeCmyk(image: Sharp, width: number, height: number): Promise<Pixels> {
  const cmyk = await toRaw(image.pipelineColourspace('cmyk').toColourspace('cmyk').raw(), {
    width,
    height,
    channels: 4,
  });
  const data = new Uint8Array(width * height * 3);
  cmykToRgb(cmyk, data, width * height);
  return { width, height, data };
}
