import { UnsupportedImageError } from '../../errors.js';
import { Compression, type BmpHeader } from './header.js';

/** Turns one stored row into RGB. */
export interface RowReader {
  /** Bytes that the row's pixels take, without padding. */
  readonly rowBytes: number;
  read(row: Uint8Array, rgb: Uint8Array, to: number): void;
}

/** Masks (red, green, blue, alpha) to the places of red, green and blue in four bytes. */
const LAYOUTS_32: readonly (readonly [masks: readonly number[], order: readonly number[]])[] = [
  [
    [0xff0000, 0xff00, 0xff, 0],
    [2, 1, 0],
  ],
  [
    [0xff000000, 0xff0000, 0xff00, 0],
    [3, 2, 1],
  ],
  [
    [0xff000000, 0xff00, 0xff, 0],
    [3, 1, 0],
  ],
  [
    [0xff000000, 0xff0000, 0xff00, 0xff],
    [3, 2, 1],
  ],
  [
    [0xff, 0xff00, 0xff0000, 0xff000000],
    [0, 1, 2],
  ],
  [
    [0xff0000, 0xff00, 0xff, 0xff000000],
    [2, 1, 0],
  ],
  [
    [0xff000000, 0xff00, 0xff, 0xff0000],
    [3, 1, 0],
  ],
  [
    [0, 0, 0, 0],
    [2, 1, 0],
  ],
];

/** The reader for 16, 24 and 32 bits; of masks only the layouts that Pillow knows. */
export function directRows(header: BmpHeader): RowReader {
  const { width, bits, masks } = header;
  if (header.compression !== Compression.BITFIELDS) {
    return bits === 16 ? wordRows(width, 5) : byteRows(width, bits / 8, [2, 1, 0]);
  }
  const has = (known: readonly number[], count: number) =>
    known.slice(0, count).every((mask, i) => mask === masks[i]);
  if (bits === 32) {
    const layout = LAYOUTS_32.find(([known]) => has(known, 4));
    if (layout) return byteRows(width, 4, layout[1]);
  } else if (bits === 24 && has([0xff0000, 0xff00, 0xff], 3)) {
    return byteRows(width, 3, [2, 1, 0]);
  } else if (bits === 16 && has([0xf800, 0x7e0, 0x1f], 3)) {
    return wordRows(width, 6);
  } else if (bits === 16 && has([0x7c00, 0x3e0, 0x1f], 3)) {
    return wordRows(width, 5);
  }
  throw new UnsupportedImageError('A BMP of those colour masks is not supported.');
}

/** Palette indices of 1, 4 or 8 bits. */
export function indexedRows(width: number, bits: number, colours: Uint8Array): RowReader {
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  return {
    rowBytes: Math.ceil((width * bits) / 8),
    read(row, rgb, to) {
      for (let x = 0; x < width; x++) {
        const shift = 8 - bits - (x % perByte) * bits;
        const from = ((row[Math.floor(x / perByte)]! >> shift) & mask) * 3;
        rgb[to++] = colours[from]!;
        rgb[to++] = colours[from + 1]!;
        rgb[to++] = colours[from + 2]!;
      }
    },
  };
}

function byteRows(width: number, step: number, order: readonly number[]): RowReader {
  const [red, green, blue] = order as [number, number, number];
  return {
    rowBytes: width * step,
    read(row, rgb, to) {
      for (let x = 0, from = 0; x < width; x++, from += step) {
        rgb[to++] = row[from + red]!;
        rgb[to++] = row[from + green]!;
        rgb[to++] = row[from + blue]!;
      }
    },
  };
}

/** 5-5-5 or 5-6-5 bits; scaled as Pillow's `unpackBGR15` and `unpackBGR16`. */
function wordRows(width: number, greenBits: 5 | 6): RowReader {
  const greenMax = (1 << greenBits) - 1;
  const scale = (value: number, max: number) => Math.floor(((value & max) * 255) / max);
  return {
    rowBytes: width * 2,
    read(row, rgb, to) {
      for (let x = 0; x < width; x++) {
        const pixel = row[x * 2]! | (row[x * 2 + 1]! << 8);
        rgb[to++] = scale(pixel >> (5 + greenBits), 31);
        rgb[to++] = scale(pixel >> 5, greenMax);
        rgb[to++] = scale(pixel, 31);
      }
    },
  };
}
