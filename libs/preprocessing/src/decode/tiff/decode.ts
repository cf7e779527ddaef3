import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import type { Pixels } from '../../pixels.js';
import { open, toRgb } from '../libvips.js';
import type { LibvipsOptions } from '../options.js';
import { checkSize } from '../pixel-limit.js';
import { decompress } from './decompress.js';
import { Tag, TiffDirectory } from './directory.js';
import { Compression, Photometric, readLayout, type TiffLayout } from './layout.js';
import { orient } from './orientation.js';
import { readPieces, type Pieces } from './pieces.js';
import { undoPredictor } from './predictor.js';
import { unpackerFor } from './unpack.js';

/** TIFF's first page; the kinds are those of `unpackerFor`, and JPEG and CCITT through libtiff. */
export async function decodeTiff(bytes: Uint8Array, options: LibvipsOptions): Promise<Pixels> {
  const { maxPixels } = options;
  const directory = new TiffDirectory(bytes);
  const layout = readLayout(directory);
  checkSize(layout.width, layout.height, maxPixels);
  switch (layout.compression) {
    case Compression.None:
    case Compression.Lzw:
    case Compression.PackBits:
    case Compression.Deflate:
    case Compression.DeflateOld:
      return orient(await decodePieces(bytes, directory, layout, maxPixels), layout.orientation);
    case Compression.CcittRle:
    case Compression.Group3:
    case Compression.Group4:
    case Compression.Jpeg:
      if (!isPlain(layout)) break;
      readPieces(directory, layout, maxPixels);
      return orient(
        await toRgb(await open(bytes, options), layout.width, layout.height),
        layout.orientation,
      );
  }
  throw new UnsupportedImageError('A TIFF of that compression is not supported.');
}

/** What libvips was seen to decode as Pillow does. */
function isPlain(layout: TiffLayout): boolean {
  const { compression, photometric, bits, samples, extra, sampleFormat, planar } = layout;
  if (planar || extra.length > 0 || sampleFormat !== 'unsigned') return false;
  const gray = photometric === Photometric.BlackIsZero && samples === 1;
  if (compression === Compression.Jpeg) {
    const colour = photometric === Photometric.Rgb || photometric === Photometric.YCbCr;
    return bits === 8 && !layout.reversedBits && (gray || (colour && samples === 3));
  }
  return bits === 1 && samples === 1 && (gray || photometric === Photometric.WhiteIsZero);
}

async function decodePieces(
  bytes: Uint8Array,
  directory: TiffDirectory,
  layout: TiffLayout,
  maxPixels: number,
): Promise<Pixels> {
  const unpack = unpackerFor(layout, directory.values(Tag.ColorMap));
  const pieces = readPieces(directory, layout, maxPixels);
  const { width, height } = layout;
  const { pieceWidth, pieceHeight, across, down } = pieces;
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < across * down; index++) {
    const left = (index % across) * pieceWidth;
    const top = Math.floor(index / across) * pieceHeight;
    const rows = Math.min(pieceHeight, height - top);
    const columns = Math.min(pieceWidth, width - left);
    const piece = await readPiece(bytes, layout, pieces, index, rows);
    const stride = piece.length / rows;
    for (let y = 0; y < rows; y++) {
      const row = piece.subarray(y * stride, (y + 1) * stride);
      if (!layout.planar || layout.samples === 1) undoPredictor(row, layout);
      unpack(row, columns, data, ((top + y) * width + left) * 3);
    }
  }
  return { width, height, data };
}

/** One strip or tile, expanded; of a planar picture those of all planes, interleaved. */
async function readPiece(
  bytes: Uint8Array,
  layout: TiffLayout,
  pieces: Pieces,
  index: number,
  rows: number,
): Promise<Uint8Array> {
  if (!layout.planar || layout.samples === 1) return readPlane(bytes, layout, pieces, index, rows);
  const { samples, bits } = layout;
  const size = bits / 8;
  const whole = new Uint8Array(pieces.rowBytes * samples * rows);
  for (let sample = 0; sample < samples; sample++) {
    const planeIndex = sample * pieces.across * pieces.down + index;
    const plane = await readPlane(bytes, layout, pieces, planeIndex, rows);
    for (let y = 0; y < rows; y++) {
      undoPredictor(plane.subarray(y * pieces.rowBytes, (y + 1) * pieces.rowBytes), layout);
    }
    for (
      let from = 0, to = sample * size;
      from < plane.length;
      from += size, to += samples * size
    ) {
      for (let i = 0; i < size; i++) whole[to + i] = plane[from + i]!;
    }
  }
  return whole;
}

async function readPlane(
  bytes: Uint8Array,
  layout: TiffLayout,
  pieces: Pieces,
  index: number,
  rows: number,
): Promise<Uint8Array> {
  const { compression } = layout;
  const raw = compression === Compression.None;
  const needed = pieces.rowBytes * rows;
  const offset = pieces.offsets[index]!;
  // Pillow reads uncompressed rows on from their offset, whatever length is declared.
  const stored = raw ? needed : pieces.byteCounts[index];
  if (stored === undefined || offset + stored > bytes.length) throw new UndecodableImageError();
  const data = bytes.subarray(offset, offset + stored);
  const ordered = layout.reversedBits ? reversed(data) : data;
  const whole = pieces.rowBytes * pieces.pieceHeight;
  // libtiff expands a tile wholly, also the part that lies outside the picture.
  const expanded = await decompress(
    ordered,
    compression,
    pieces.tiled && !raw ? whole : needed,
    whole,
  );
  return expanded.subarray(0, needed);
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit);
  return turned;
});

function reversed(data: Uint8Array): Uint8Array {
  return data.map((byte) => REVERSED[byte]!);
}
