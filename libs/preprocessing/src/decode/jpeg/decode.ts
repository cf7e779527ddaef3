import type { Sharp } from 'sharp';

import { decodeJpeg as decodePositions } from '#jpeg';
import type { Pixels } from '../../pixels.js';
import { cmykToRgb } from '../cmyk.js';
import { open, toRaw, toRgb } from '../libvips.js';
import type { DecodeOptions } from '../options.js';
import { checkSize } from '../pixel-limit.js';
import { readHeader, type JpegHeader } from './header.js';
import { reducedSize, type Reduced } from './reduction.js';
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
  const reduced = reductionOf(header, options);
  if (reduced === undefined) {
    if (options.sample !== undefined) {
      if (sampleJpeg(bytes, options.sample)) return undefined;
    } else {
      const pixels = decodeRegular(bytes, header);
      if (pixels !== undefined) return pixels;
    }
  }
  checkScans(bytes, header.scanOffset);
  const image = await open(bytes, options.maxPixels);
  // Inks are never reduced: libvips would have to convert them to do so.
  if (header.components === 4) return decodeCmyk(image, header.width, header.height);
  if (reduced === undefined) return toRgb(image, header.width, header.height);
  const { width, height } = reduced;
  return toRgb(image.resize(width, height, { fit: 'fill', kernel: 'cubic' }), width, height);
}

/** All pixels by our own decoder; undefined where it leaves the picture to libvips. */
function decodeRegular(bytes: Uint8Array, { width, height }: JpegHeader): Pixels | undefined {
  let data: Uint8Array | undefined;
  const scanEnd = decodePositions(bytes, {
    positions: () => ({ columns: allOf(width), rows: allOf(height) }),
    take: (pixels) => {
      data = pixels.slice();
    },
  });
  if (scanEnd === undefined || data === undefined) return undefined;
  checkTail(bytes, scanEnd);
  return { width, height, data };
}

function allOf(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

function reductionOf(header: JpegHeader, { mode, target }: DecodeOptions): Reduced | undefined {
  return mode === 'fast' && target ? reducedSize(header, target) : undefined;
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
