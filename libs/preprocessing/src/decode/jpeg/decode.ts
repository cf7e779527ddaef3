import type { Sharp } from 'sharp';

import type { Pixels } from '../../pixels.js';
import { cmykToRgb } from '../cmyk.js';
import type { DecodeOptions } from '../decode.js';
import { open, toRaw, toRgb } from '../libvips.js';
import { checkSize } from '../pixel-limit.js';
import { readHeader } from './header.js';
import { declareWholeBlocks, reductionFor } from './reduction.js';
import { checkScans } from './structure.js';

/** JPEG: baseline or progressive, Huffman or arithmetic; gray, YCbCr, RGB, CMYK or YCCK. */
export async function decodeJpeg(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  const header = readHeader(bytes);
  checkSize(header.width, header.height, options.maxPixels);
  checkScans(bytes, header.scanOffset);
  const reduction =
    options.mode === 'fast' && options.target ? reductionFor(header, options.target) : 1;
  const width = Math.ceil(header.width / reduction);
  const height = Math.ceil(header.height / reduction);
  let image: Sharp;
  if (reduction === 1) {
    image = open(bytes, options.maxPixels);
  } else {
    const whole = declareWholeBlocks(bytes, header, reduction);
    const side = whole.width % reduction === 0 ? { width } : { height };
    image = open(whole.bytes, whole.width * whole.height).resize({ ...side, kernel: 'nearest' });
  }
  return header.components.length === 4
    ? decodeCmyk(image, width, height)
    : toRgb(image, width, height);
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
