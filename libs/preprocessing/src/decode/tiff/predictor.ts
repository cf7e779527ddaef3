import { UnsupportedImageError } from '../../errors.js';
import { Compression, type TiffLayout } from './layout.js';

const PREDICTED: readonly number[] = [Compression.Lzw, Compression.Deflate, Compression.DeflateOld];

/**
 * Undoes horizontal differencing (TIFF 6.0, section 14) in place. Only LZW and Deflate have it:
 * elsewhere the tag is ignored, as Pillow and libtiff do.
 */
export function undoPredictor(row: Uint8Array, layout: TiffLayout): void {
  if (layout.predictor === 1 || !PREDICTED.includes(layout.compression)) return;
  const { bits, littleEndian } = layout;
  const step = layout.planar ? 1 : layout.samples;
  if (layout.predictor !== 2 || (bits !== 8 && bits !== 16)) {
    throw new UnsupportedImageError('A TIFF of that predictor is not supported.');
  }
  if (bits === 8) {
    for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!;
    return;
  }
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  for (let i = step * 2; i + 1 < row.length; i += 2) {
    const before = view.getUint16(i - step * 2, littleEndian);
    view.setUint16(i, view.getUint16(i, littleEndian) + before, littleEndian);
  }
}
