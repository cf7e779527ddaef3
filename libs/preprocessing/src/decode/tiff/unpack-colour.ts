import { cmykToRgb } from '../cmyk.js';
import type { TiffLayout } from './layout.js';
import type { Unpack } from './unpacker.js';

/** RGB of 8 or 16 bits, with whatever extra samples. */
export function rgbUnpacker({ bits, samples, extra, littleEndian }: TiffLayout): Unpack {
  const size = bits / 8;
  // Of 16 bits the high byte counts.
  const high = bits === 16 && littleEndian ? 1 : 0;
  const premultiplied = extra[0] === 1;
  return (row, width, rgb, to) => {
    for (let x = 0, from = high; x < width; x++, from += samples * size) {
      for (let channel = 0; channel < 3; channel++) {
        const value = row[from + channel * size]!;
        rgb[to++] = premultiplied ? unmultiplied(value, row[from + 3 * size]!) : value;
      }
    }
  };
}

/** Pillow's `unpackRGBa`: colour over alpha, cut down and clipped; nothing where there is no alpha. */
function unmultiplied(value: number, alpha: number): number {
  return alpha === 0 ? 0 : Math.min(255, Math.floor((value * 255) / alpha));
}

/** Inks of 8 or 16 bits. */
export function cmykUnpacker({ bits, samples, littleEndian }: TiffLayout): Unpack {
  if (bits === 8) {
    return (row, width, rgb, to) => {
      cmykToRgb(row, rgb, width, samples, to);
    };
  }
  const high = littleEndian ? 1 : 0;
  return (row, width, rgb, to) => {
    const bytes = Uint8Array.from({ length: width * 4 }, (_, i) => row[i * 2 + high]!);
    cmykToRgb(bytes, rgb, width, 4, to);
  };
}
