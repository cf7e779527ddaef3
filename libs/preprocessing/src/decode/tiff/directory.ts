import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import { ByteReader } from '../byte-reader.js';

/** The tags that decide how pixels are read (TIFF 6.0). */
export const Tag = {
  ImageWidth: 256,
  ImageLength: 257,
  BitsPerSample: 258,
  Compression: 259,
  Photometric: 262,
  FillOrder: 266,
  StripOffsets: 273,
  Orientation: 274,
  SamplesPerPixel: 277,
  RowsPerStrip: 278,
  StripByteCounts: 279,
  PlanarConfiguration: 284,
  Predictor: 317,
  ColorMap: 320,
  TileWidth: 322,
  TileLength: 323,
  TileOffsets: 324,
  TileByteCounts: 325,
  ExtraSamples: 338,
  SampleFormat: 339,
  YCbCrSubSampling: 530,
} as const;

const KNOWN = new Set<number>(Object.values(Tag));

/** Bytes of an integer of each type: BYTE, SHORT, LONG, LONG8. */
const INTEGER_SIZES = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [16, 8],
]);

/** Bytes of a value of each type; in a type that is not here a tag is ignored. */
const SIZES = new Map([
  ...INTEGER_SIZES,
  ...([2, 6, 7] as const).map((type) => [type, 1] as const),
  [8, 2],
  ...([9, 11, 13] as const).map((type) => [type, 4] as const),
  ...([5, 10, 12] as const).map((type) => [type, 8] as const),
]);

/** More values than any tag of a picture within reason has; each costs memory. */
const MAX_VALUES = 1 << 17;

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly valueOffset: number;
}

/** The first image file directory: the tags of the first page. */
export class TiffDirectory {
  readonly littleEndian: boolean;
  readonly #bytes: Uint8Array;
  readonly #entries = new Map<number, Entry>();
  readonly #inlineSize: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.littleEndian = bytes[0] === 0x49;
    const reader = new ByteReader(bytes, this.littleEndian, 2);
    const big = reader.u16() === 43;
    if (big && !this.littleEndian) {
      throw new UnsupportedImageError('A big-endian BigTIFF is not supported.');
    }
    this.#inlineSize = big ? 8 : 4;
    if (big) reader.skip(4);
    reader.position = big ? reader.u64() : reader.u32();
    const count = big ? reader.u64() : reader.u16();
    let outOfLine = 0;
    for (let i = 0; i < count; i++) {
      const tag = reader.u16();
      const type = reader.u16();
      const entry = {
        type,
        count: big ? reader.u64() : reader.u32(),
        valueOffset: reader.position,
      };
      reader.skip(this.#inlineSize);
      const total = entry.count * (SIZES.get(type) ?? 0);
      if (total > this.#inlineSize) {
        outOfLine += total;
        const end = this.#valueReader(entry, total).position + total;
        // Pillow leaves out this tag, and perhaps those behind it.
        if (end > bytes.length || outOfLine > bytes.length) throw new UndecodableImageError();
      }
      if (!KNOWN.has(tag)) continue;
      // Readers differ on which of two to believe.
      if (this.#entries.has(tag)) throw new UndecodableImageError();
      this.#entries.set(tag, entry);
    }
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** All values of an integer tag; none where it is absent. */
  values(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (!entry) return [];
    const size = INTEGER_SIZES.get(entry.type);
    if (size === undefined || entry.count < 1 || entry.count > MAX_VALUES) {
      throw new UndecodableImageError();
    }
    const reader = this.#valueReader(entry, entry.count * size);
    const read = {
      1: () => reader.u8(),
      2: () => reader.u16(),
      4: () => reader.u32(),
      8: () => reader.u64(),
    };
    return Array.from({ length: entry.count }, read[size as keyof typeof read]);
  }

  /** The one value of a tag, or what it defaults to. */
  value(tag: number, otherwise?: number): number {
    const values = this.values(tag);
    const value = values[0] ?? otherwise;
    if (values.length > 1 || value === undefined) throw new UndecodableImageError();
    return value;
  }

  /** Stands where a tag's values are: in its entry, or where the entry points. */
  #valueReader(entry: Entry, total: number): ByteReader {
    const reader = new ByteReader(this.#bytes, this.littleEndian, entry.valueOffset);
    if (total > this.#inlineSize) {
      reader.position = this.#inlineSize === 8 ? reader.u64() : reader.u32();
    }
    return reader;
  }
}
