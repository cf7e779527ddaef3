import { UndecodableImageError, UnsupportedImageError } from '../../errors.js';
import type { Pixels } from '../../pixels.js';
import { checkSize } from '../pixel-limit.js';
import { Compression, readHeader } from './header.js';
import { readPalette } from './palette.js';
import { expandRuns } from './rle.js';
import { directRows, indexedRows } from './rows.js';

/** BMP of 1 to 32 bits, run-length coded or not, with the headers and masks that Pillow knows. */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Pixels {
  const header = readHeader(bytes);
  const { width, height, bits, compression, topDown } = header;
  checkSize(width, height, maxPixels);
  const indexed = bits <= 8;
  const coded = compression === Compression.RLE4 || compression === Compression.RLE8;
  if (coded ? !indexed : indexed && compression !== Compression.RAW) {
    throw new UnsupportedImageError('A BMP of that compression and depth is not supported.');
  }
  let rows = indexed ? undefined : directRows(header);
  let stored = bytes.subarray(header.dataOffset);
  let stride = (Math.floor((width * bits + 31) / 8) & ~3) >>> 0;
  if (indexed) {
    const { colours, indexBits } = readPalette(bytes, header);
    rows = indexedRows(width, coded ? 8 : indexBits, colours);
    if (coded) {
      if (indexBits === 1) throw new UnsupportedImageError();
      stored = expandRuns(bytes, header);
      stride = width;
    }
  }
  const { rowBytes } = rows!;
  if (rowBytes > stride) throw new UndecodableImageError();
  if ((height - 1) * stride + rowBytes > stored.length) throw new UndecodableImageError();
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const target = topDown ? y : height - 1 - y;
    rows!.read(stored.subarray(y * stride, y * stride + rowBytes), data, target * width * 3);
  }
  return { width, height, data };
}
