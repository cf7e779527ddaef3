import type { Sharp } from 'sharp';

import { decodeJpeg as decodePositions, type Size } from '#jpeg';
import type { Pixels } from '../../pixels.js';
import { cmykToRgb } from '../cmyk.js';
import { open, toRaw, toRgb } from '../libvips.js';
import type { DecodeOptions, LibvipsOptions } from '../options.js';
import { checkSize } from '../pixel-limit.js';
import { readHeader, type JpegHeader } from './header.js';
import { isReducible } from './reduction.js';
import { sampleJpeg } from './sample.js';
import { checkScans, checkTail } from './structure.js';

/**
 * JPEG: baseline or progressive, Huffman or arithmetic; gray, YCbCr, RGB, CMYK or YCCK.
 *
 * @returns undefined where `options.sample` was met
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<Pixels | undefined> {
  const header = readHeader(bytes);
  checkSize(header.width, header.height, options.maxPixels);
  const { mode, target, sample } = options;
  const isReduced = mode === 'fast' && target !== undefined && isReducible(header, target);
  if (sample !== undefined) {
    if (sampleJpeg(bytes, sample, isReduced)) return undefined;
  } else {
    const pixels = decodeRegular(bytes, isReduced);
    if (pixels !== undefined) return pixels;
  }
  return decodeWithLibvips(bytes, header, options);
}

/** All pixels by our own decoder; undefined where it leaves the picture to libvips. */
function decodeRegular(bytes: Uint8Array, isReduced: boolean): Pixels | undefined {
  let pixels: Pixels | undefined;
  let size: Size;
  const scanEnd = decodePositions(bytes, {
    isReduced,
    positions: (decoded) => {
      size = decoded;
      return { columns: allOf(size.width), rows: allOf(size.height) };
    },
    take: (data) => {
      pixels = { ...size, data: data.slice() };
    },
  });
  if (scanEnd !== undefined) checkTail(bytes, scanEnd);
  return pixels;
}

function allOf(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

/** Any kind that libjpeg decodes, and whatever it makes of a broken one. */
async function decodeWithLibvips(
  bytes: Uint8Array,
  { width, height, components, scanOffset }: JpegHeader,
  options: LibvipsOptions,
): Promise<Pixels> {
  checkScans(bytes, scanOffset);
  const image = await open(bytes, options);
  return components === 4 ? decodeCmyk(image, width, height) : toRgb(image, width, height);
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
