import { Compression, Photometric, type TiffLayout } from './layout.js';
import { cmykUnpacker, rgbUnpacker } from './unpack-colour.js';
import { grayUnpacker } from './unpack-gray.js';
import { paletteUnpacker } from './unpack-indexed.js';
import { unsupported, type Unpack } from './unpacker.js';

/**
 * The unpacker of a layout: the combinations of Pillow's `OPEN_INFO`, followed by its conversion
 * to RGB. Those that Pillow itself misreads (wide samples of some big-endian or planar files) are
 * refused, as is all that it does not know.
 */
export function unpackerFor(layout: TiffLayout, colorMap: readonly number[]): Unpack {
  const { photometric, bits, samples, sampleFormat, extra } = layout;
  const raw = layout.compression === Compression.None;
  const extras = extra.length;
  const narrow = bits <= 8;
  if (layout.planar && !readsPlanes(layout, raw)) throw unsupported();
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

/** Uncompressed planes are read by the first letter of the raw mode: right for plain 8-bit ones only. */
function readsPlanes(layout: TiffLayout, raw: boolean): boolean {
  const { photometric, bits, samples, extra } = layout;
  const colour = photometric === Photometric.Rgb || photometric === Photometric.Cmyk;
  if (!colour && samples > 1) return false;
  const plain = bits === 8 && !layout.reversedBits && (extra[0] ?? 2) === 2;
  return !raw || (plain && photometric !== Photometric.WhiteIsZero);
}

/** Pillow knows reversed bits of gray and plain RGB; of palettes and inverted bytes if compressed. */
function readsReversed(
  { photometric, bits, samples, sampleFormat, littleEndian }: TiffLayout,
  raw: boolean,
): boolean {
  if (sampleFormat !== 'unsigned') return false;
  if (photometric === Photometric.Rgb) return bits === 8 && samples === 3;
  if (samples !== 1) return false;
  if (bits === 16) return photometric === Photometric.BlackIsZero && littleEndian;
  if (photometric === Photometric.Palette) return !raw;
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
