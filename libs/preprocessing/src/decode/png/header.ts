import { crc32 } from 'node:zlib';

import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';
import { checkSize } from '../pixel-limit.js';
import { expandedSize } from './compressed-chunk.js';

/** What all compressed texts may grow to together: Pillow's MAX_TEXT_MEMORY. */
const MAX_EXPANDED = 64 * 2 ** 20;

/** More chunks in front of the pixels than any encoder writes; each costs time. */
const MAX_CHUNKS = 4096;

export const ColourType = { Gray: 0, Rgb: 2, Palette: 3, GrayAlpha: 4, RgbAlpha: 6 } as const;

/** Which depths each colour type has. */
const DEPTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [ColourType.Gray, [1, 2, 4, 8, 16]],
  [ColourType.Rgb, [8, 16]],
  [ColourType.Palette, [1, 2, 4, 8]],
  [ColourType.GrayAlpha, [8, 16]],
  [ColourType.RgbAlpha, [8, 16]],
]);

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
  readonly compression: number;
  readonly filter: number;
  readonly interlace: number;
}

/**
 * Walks the chunks up to the pixels as Pillow's `PngImageFile._open` does. It is stricter than
 * libpng: there every checksum counts, also that of a chunk which nobody needs.
 */
export function readHeader(bytes: Uint8Array, maxPixels: number): PngHeader {
  const reader = new ByteReader(bytes, false, 8);
  let header: PngHeader | undefined;
  let expanded = 0;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const length = reader.u32();
    const start = reader.position;
    const type = Buffer.from(reader.take(4)).toString('latin1');
    if (type === 'IDAT') {
      if (!header) throw new UndecodableImageError();
      return header;
    }
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
        compression: chunk.u8(),
        filter: chunk.u8(),
        interlace: chunk.u8(),
      };
      checkSize(header.width, header.height, maxPixels);
    } else if (type === 'fcTL' && header) {
      checkFirstFrame(chunk, header);
    } else {
      expanded += expandedSize(type, chunk.bytes);
      if (expanded > MAX_EXPANDED) throw new UndecodableImageError();
    }
  }
  throw new UndecodableImageError();
}

/** Whether it is of a kind that the specification knows. */
export function isValid(header: PngHeader): boolean {
  const { colourType, bitDepth, compression, filter, interlace } = header;
  const isKnown = DEPTHS.get(colourType)?.includes(bitDepth) ?? false;
  return isKnown && compression === 0 && filter === 0 && interlace <= 1;
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
