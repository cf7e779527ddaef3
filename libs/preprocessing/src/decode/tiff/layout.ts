import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import { Tag, type TiffDirectory } from './directory.js';

export const Photometric = {
  WhiteIsZero: 0,
  BlackIsZero: 1,
  Rgb: 2,
  Palette: 3,
  Cmyk: 5,
  YCbCr: 6,
} as const;

export const Compression = {
  None: 1,
  CcittRle: 2,
  Group3: 3,
  Group4: 4,
  Lzw: 5,
  Jpeg: 7,
  Deflate: 8,
  PackBits: 32773,
  DeflateOld: 32946,
} as const;

/** What a sample's bits mean. */
export type SampleFormat = 'unsigned' | 'signed' | 'float';

/** How the pixels lie in the file. */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  readonly littleEndian: boolean;
  readonly compression: number;
  readonly photometric: number;
  readonly bits: number;
  readonly samples: number;
  readonly sampleFormat: SampleFormat;
  /** The ExtraSamples tag: 0 unspecified, 1 premultiplied alpha, 2 alpha; empty if absent. */
  readonly extra: readonly number[];
  readonly planar: boolean;
  readonly reversedBits: boolean;
  readonly predictor: number;
  readonly orientation: number;
}

const FORMATS: readonly (SampleFormat | undefined)[] = [undefined, 'unsigned', 'signed', 'float'];

/** Reads the first page's tags with the defaults that Pillow's `TiffImageFile._setup` has. */
export function readLayout(directory: TiffDirectory): TiffLayout {
  const compression = directory.value(Tag.Compression, Compression.None);
  const bitsPerSample = directory.values(Tag.BitsPerSample);
  const samples = directory.value(Tag.SamplesPerPixel, 1);
  const formats = directory.values(Tag.SampleFormat);
  const bits = bitsPerSample[0] ?? 1;
  if (!bitsPerSample.every((value) => value === bits) || !formats.every((f) => f === formats[0])) {
    throw new UnsupportedImageError('A TIFF of unlike samples is not supported.');
  }
  if (bitsPerSample.length > 1 && bitsPerSample.length < samples) throw new UndecodableImageError();
  const photometric = directory.value(Tag.Photometric, Photometric.WhiteIsZero);
  const sampleFormat = FORMATS[formats[0] ?? 1];
  const fillOrder = directory.value(Tag.FillOrder, 1);
  const planar = directory.value(Tag.PlanarConfiguration, 1);
  if (!sampleFormat || fillOrder < 1 || fillOrder > 2 || planar < 1 || planar > 2) {
    throw new UnsupportedImageError('A TIFF of that data organization is not supported.');
  }
  // libtiff does not guess them as Pillow does.
  const guessed =
    !directory.has(Tag.Photometric) || (bitsPerSample.length === 0 && photometric > 1);
  if (compression !== Compression.None && guessed) throw new UndecodableImageError();
  return {
    width: directory.value(Tag.ImageWidth),
    height: directory.value(Tag.ImageLength),
    littleEndian: directory.littleEndian,
    compression,
    photometric,
    bits,
    samples,
    sampleFormat,
    extra: directory.values(Tag.ExtraSamples),
    planar: planar === 2,
    reversedBits: fillOrder === 2,
    predictor: directory.value(Tag.Predictor, 1),
    orientation: directory.values(Tag.Orientation)[0] ?? 1,
  };
}
