import { ImageTooLargeError, UndecodableImageError } from '../../errors.js';
import { Tag, type TiffDirectory } from './directory.js';
import type { TiffLayout } from './layout.js';

/** RowsPerStrip where all rows are in one strip. */
const ALL_ROWS = 2 ** 32 - 1;

/** The grid of strips or tiles that the picture is stored in. */
export interface Pieces {
  readonly tiled: boolean;
  readonly pieceWidth: number;
  readonly pieceHeight: number;
  readonly across: number;
  readonly down: number;
  /** Bytes of one row of one piece of one plane. */
  readonly rowBytes: number;
  readonly offsets: readonly number[];
  /** Bytes of each piece as stored; empty where the file does not say. */
  readonly byteCounts: readonly number[];
}

/** Reads the grid; every piece must be there, and none may be larger than the pixel limit in RGBA. */
export function readPieces(
  directory: TiffDirectory,
  layout: TiffLayout,
  maxPixels: number,
): Pieces {
  const { width, height, bits, samples, planar } = layout;
  const tiled = directory.has(Tag.TileOffsets);
  if (tiled === directory.has(Tag.StripOffsets)) throw new UndecodableImageError();
  const pieceWidth = tiled ? directory.value(Tag.TileWidth) : width;
  const declaredHeight = tiled
    ? directory.value(Tag.TileLength)
    : directory.value(Tag.RowsPerStrip, ALL_ROWS);
  const pieceHeight = tiled ? declaredHeight : Math.min(declaredHeight, height);
  if (pieceWidth < 1 || pieceHeight < 1) throw new UndecodableImageError();
  const samplesInPlane = planar ? 1 : samples;
  const rowBytes = Math.ceil((pieceWidth * bits * samplesInPlane) / 8);
  const overflows = declaredHeight !== ALL_ROWS && rowBytes * declaredHeight > 2 ** 31 - 1;
  if (overflows) throw new UndecodableImageError();
  if (rowBytes * pieceHeight > 4 * Math.max(maxPixels, width * height)) {
    throw new ImageTooLargeError(pieceWidth, pieceHeight, maxPixels);
  }
  const across = Math.ceil(width / pieceWidth);
  const down = Math.ceil(height / pieceHeight);
  const offsets = directory.values(tiled ? Tag.TileOffsets : Tag.StripOffsets);
  const byteCounts = directory.values(tiled ? Tag.TileByteCounts : Tag.StripByteCounts);
  if (offsets.length !== across * down * (planar ? samples : 1)) throw new UndecodableImageError();
  return { tiled, pieceWidth, pieceHeight, across, down, rowBytes, offsets, byteCounts };
}
