import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';

export const Compression = { RAW: 0, RLE8: 1, RLE4: 2, BITFIELDS: 3 } as const;

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Palette entries that the header declares, or that the depth implies. */
  readonly colours: number;
  /** Bytes of a palette entry. */
  readonly entrySize: 3 | 4;
  /** Red, green, blue and alpha masks, where the compression is BITFIELDS. */
  readonly masks: readonly number[];
  readonly paletteOffset: number;
  readonly dataOffset: number;
}

/** Reads the file and info headers (core, 3, 4, 5 and OS/2) as Pillow's `BmpImageFile._bitmap`. */
export function readHeader(bytes: Uint8Array): BmpHeader {
  const reader = new ByteReader(bytes, true, 10);
  const declaredOffset = reader.u32();
  const size = reader.u32();
  const info = new ByteReader(reader.take(size - 4), true);
  const core = size === 12;
  const width = core ? info.u16() : info.u32();
  const signedHeight = core ? info.u16() : info.u32();
  // Only a height down to -2^24 counts as top-down, as Pillow looks at its highest byte alone.
  const topDown = !core && signedHeight >>> 24 === 0xff;
  info.skip(2);
  const bits = info.u16();
  const compression = core ? Compression.RAW : info.u32();
  if (!core) info.skip(12);
  const declaredColours = core ? 0 : info.u32();
  if (![1, 4, 8, 16, 24, 32].includes(bits)) {
    throw new UnsupportedImageError('A BMP of that many bits per pixel is not supported.');
  }
  if (compression > Compression.BITFIELDS) {
    throw new UnsupportedImageError('A BMP of that compression is not supported.');
  }
  let masks: number[] = [];
  if (compression === Compression.BITFIELDS) {
    if (size >= 52) {
      info.position = 36;
      masks = [info.u32(), info.u32(), info.u32(), size >= 56 ? info.u32() : 0];
    } else {
      masks = [reader.u32(), reader.u32(), reader.u32(), 0];
    }
  }
  const colours = declaredColours === 0 ? 2 ** bits : declaredColours;
  const entrySize = core ? 3 : 4;
  const impliedPalette = declaredOffset === 14 + size && bits <= 8;
  const dataOffset = declaredOffset + (impliedPalette ? entrySize * colours : 0);
  if (dataOffset > bytes.length) throw new UndecodableImageError();
  return {
    width,
    height: topDown ? 2 ** 32 - signedHeight : signedHeight,
    topDown,
    bits,
    compression,
    colours,
    entrySize,
    masks,
    paletteOffset: reader.position,
    dataOffset: dataOffset === 0 ? reader.position : dataOffset,
  };
}
