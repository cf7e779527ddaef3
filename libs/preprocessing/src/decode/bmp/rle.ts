import { UndecodableImageError } from '../../errors.js';
import { Compression, type BmpHeader } from './header.js';

/**
 * Expands RLE8 or RLE4 to one index a byte, row after row, as Pillow's `BmpRleDecoder`: rows are
 * not tracked by line, a delta writes zeros, and too few pixels are an error.
 */
export function expandRuns(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height } = header;
  const four = header.compression === Compression.RLE4;
  const out = new Uint8Array(width * height);
  let at = header.dataOffset;
  let to = 0;
  let x = 0;
  while (to < out.length && at + 2 <= bytes.length) {
    const count = bytes[at++]!;
    const value = bytes[at++]!;
    if (count > 0) {
      const run = Math.min(count, Math.max(0, width - x));
      if (four) {
        for (let i = 0; i < run; i++) out[to + i] = i % 2 === 0 ? value >> 4 : value & 15;
      } else {
        out.fill(value, to, to + run);
      }
      to += run;
      x += run;
    } else if (value === 0) {
      to = Math.ceil(to / width) * width;
      x = 0;
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      if (at + 2 > bytes.length) break;
      to = Math.min(out.length, to + bytes[at]! + bytes[at + 1]! * width);
      at += 2;
      x = to % width;
    } else {
      const literal = Math.min(out.length - to, value);
      const stored = four ? Math.ceil(literal / 2) : literal;
      if (at + stored > bytes.length) break;
      for (let i = 0; i < literal; i++) {
        const byte = bytes[at + (four ? i >> 1 : i)]!;
        out[to + i] = four ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte;
      }
      to += literal;
      at += stored;
      x += value;
      // Pillow pads to a word of the file, not of the pixel data.
      at += at % 2;
    }
  }
  if (to < out.length) throw new UndecodableImageError();
  return out;
}
