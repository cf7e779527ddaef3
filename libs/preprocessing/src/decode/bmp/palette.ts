import { UndecodableImageError } from '../../errors.js';
import { paletteTable } from '../palette.js';
import type { BmpHeader } from './header.js';

export interface BmpPalette {
  /** 256 RGB triples. */
  readonly colours: Uint8Array;
  /** Bits of an index in a row that is not run-length coded. */
  readonly indexBits: number;
}

/**
 * Reads the palette as Pillow does. One that is black and white, or the gray ramp, is dropped there, and the
 * rows are then read as 1-bit or as 8-bit gray whatever depth the header has.
 */
export function readPalette(bytes: Uint8Array, header: BmpHeader): BmpPalette {
  const { colours: count, entrySize, paletteOffset } = header;
  if (count > 65536) throw new UndecodableImageError();
  const palette = bytes.subarray(paletteOffset, paletteOffset + count * entrySize);
  const level = (i: number) => (count === 2 ? i * 255 : i & 255);
  let gray = palette.length === count * entrySize;
  for (let i = 0; gray && i < count; i++) {
    gray = [0, 1, 2].every((channel) => palette[i * entrySize + channel] === level(i));
  }
  if (gray && count <= 2) {
    const blackAndWhite = paletteTable(undefined, 3, [0, 1, 2]).fill(255, 3, 6);
    return { colours: blackAndWhite, indexBits: 1 };
  }
  if (gray) return { colours: paletteTable(undefined, 3, [0, 1, 2]), indexBits: 8 };
  if (Math.floor(palette.length / entrySize) > 256) throw new UndecodableImageError();
  return { colours: paletteTable(palette, entrySize, [2, 1, 0]), indexBits: header.bits };
}
