import { UnsupportedImageError } from '../../errors.js';
import { cmykToRgb } from '../cmyk.js';
import { Compression, Photometric, type TiffLayout } from './layout.js';

/** Turns the first `width` pixels of a row of interleaved samples into RGB. */
export type Unpack = (row: Uint8Array, width: number, rgb: Uint8Array, to: number) => void;

const UNSUPPORTED = 'A TIFF of that kind of pixels is not supported.';

/**
 * The unpacker of a layout: the combinations of Pillow's `OPEN_INFO`, followed by its conversion to RGB.
 * Those that Pillow itself misreads (it takes wide samples of some big-endian or planar files the wrong way round) are
 * refused, as is all that it does not know.
 */
export function unpackerFor(layout: TiffLayout, colorMap: readonly number[]): Unpack {
  const { photometric, bits, samples, sampleFormat, extra } = layout;
  const raw = layout.compression === Compression.None;
  const extras = extra.length;
  const narrow = bits <= 8;
  if (layout.planar && raw && (bits !== 8 || extra.includes(1))) throw unsupported();
  if (sampleFormat !== 'unsigned' && (samples !== 1 || extras > 0)) throw unsupported();
  if (layout.reversedBits && !readsReversed(layout, raw)) throw unsupported();
  switch (photometric) {
    case Photometric.WhiteIsZero:
    case Photometric.BlackIsZero:
      if (samples !== 1 + extras) throw unsupported();
      return grayUnpacker(layout, raw);
    case Photometric.Rgb: {
      if (bits !== 8 && bits !== 16) throw unsupported();
      const withAlpha = samples === 4 && extras === 0;
      if (!withAlpha && samples !== 3 + extras) throw unsupported();
      if (extras > (narrow ? 3 : 1) || !isOneAlphaAtMost(extra)) throw unsupported();
      return rgbUnpacker(layout);
    }
    case Photometric.Palette:
      if (![1, 2, 4, 8].includes(bits) || sampleFormat !== 'unsigned') throw unsupported();
      if (samples !== 1 && !(samples === 2 && bits === 8 && (extra[0] === 0 || extra[0] === 2))) {
        throw unsupported();
      }
      return paletteUnpacker(bits, samples, colorMap);
    case Photometric.Cmyk: {
      if ((bits !== 8 && bits !== 16) || samples !== 4 + extras) throw unsupported();
      if (extras > (narrow ? 2 : 0) || extra.some((kind) => kind !== 0)) throw unsupported();
      return cmykUnpacker(layout);
    }
    default:
      throw unsupported();
  }
}

function unsupported(): UnsupportedImageError {
  return new UnsupportedImageError(UNSUPPORTED);
}

/** Pillow knows reversed bits of gray, palette and plain RGB; of inverted 8-bit gray only if compressed. */
function readsReversed(
  { photometric, bits, samples, sampleFormat, littleEndian }: TiffLayout,
  raw: boolean,
): boolean {
  if (sampleFormat !== 'unsigned') return false;
  if (photometric === Photometric.Rgb) return bits === 8 && samples === 3;
  if (samples !== 1) return false;
  if (bits === 16) return photometric === Photometric.BlackIsZero && littleEndian;
  if (photometric === Photometric.WhiteIsZero && bits === 8) return !raw;
  return bits <= 8;
}

/** The first extra sample may be alpha of any kind (or Corel's 999); those behind it mean nothing. */
function isOneAlphaAtMost(extra: readonly number[]): boolean {
  const [first, ...others] = extra;
  if (first === undefined) return true;
  const known = first === 0 || first === 1 || first === 2 || (first === 999 && extra.length === 1);
  return known && others.every((kind) => kind === 0);
}

function grayUnpacker(layout: TiffLayout, raw: boolean): Unpack {
  const { bits, samples, sampleFormat, extra } = layout;
  const inverted = layout.photometric === Photometric.WhiteIsZero;
  if (bits > 8) return wideGrayUnpacker(layout, raw);
  if (![1, 2, 4, 8].includes(bits)) throw unsupported();
  if (sampleFormat !== 'unsigned' && (sampleFormat === 'float' || bits !== 8 || inverted)) {
    throw unsupported();
  }
  if (
    samples > 1 &&
    (samples > 2 || bits !== 8 || inverted || (extra[0] !== 0 && extra[0] !== 2))
  ) {
    throw unsupported();
  }
  const levels = Array.from({ length: 1 << bits }, (_, i) => (i * 255) / ((1 << bits) - 1));
  const table = new Uint8Array(256 * 3);
  levels.forEach((level, i) => table.fill(inverted ? 255 - level : level, i * 3, i * 3 + 3));
  return tableUnpacker(bits, samples, table);
}

/** Wide samples are clipped to 0..255, floats cut down first: Pillow's I;16, I and F to RGB. */
function wideGrayUnpacker(layout: TiffLayout, raw: boolean): Unpack {
  const { bits, samples, sampleFormat, littleEndian } = layout;
  const inverted = layout.photometric === Photometric.WhiteIsZero;
  if (samples !== 1) throw unsupported();
  const swapped = !raw && !littleEndian;
  let read: (view: DataView, at: number) => number;
  if (bits === 16 && sampleFormat === 'unsigned' && (!inverted || littleEndian)) {
    read = (view, at) => view.getUint16(at, littleEndian);
  } else if (bits === 16 && sampleFormat === 'signed' && !inverted && !swapped) {
    read = (view, at) => view.getInt16(at, littleEndian);
  } else if (bits === 32 && sampleFormat === 'signed' && !inverted && !swapped) {
    read = (view, at) => view.getInt32(at, littleEndian);
  } else if (bits === 32 && sampleFormat === 'unsigned' && !inverted && littleEndian) {
    read = (view, at) => view.getInt32(at, true);
  } else if (bits === 32 && sampleFormat === 'float' && !swapped) {
    read = (view, at) => view.getFloat32(at, littleEndian);
  } else {
    throw unsupported();
  }
  const size = bits / 8;
  return (row, width, rgb, to) => {
    const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
    for (let x = 0; x < width; x++, to += 3) {
      const value = read(view, x * size);
      // A NaN fails both comparisons and is stored as 0.
      rgb.fill(value >= 255 ? 255 : value > 0 ? value : 0, to, to + 3);
    }
  };
}

function paletteUnpacker(bits: number, samples: number, colorMap: readonly number[]): Unpack {
  const entries = colorMap.length / 3;
  if (!Number.isInteger(entries) || entries < 1 << bits) throw unsupported();
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < Math.min(entries, 256); i++) {
    for (let channel = 0; channel < 3; channel++) {
      table[i * 3 + channel] = colorMap[channel * entries + i]! >> 8;
    }
  }
  return tableUnpacker(bits, samples, table);
}

function tableUnpacker(bits: number, samples: number, table: Uint8Array): Unpack {
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  return (row, width, rgb, to) => {
    for (let x = 0; x < width; x++) {
      const at = x * samples;
      const shift = 8 - bits - (at % perByte) * bits;
      const from = ((row[Math.floor(at / perByte)]! >> shift) & mask) * 3;
      rgb[to++] = table[from]!;
      rgb[to++] = table[from + 1]!;
      rgb[to++] = table[from + 2]!;
    }
  };
}

function rgbUnpacker({ bits, samples, extra, littleEndian }: TiffLayout): Unpack {
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

function cmykUnpacker({ bits, samples, littleEndian }: TiffLayout): Unpack {
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
