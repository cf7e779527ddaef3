import { Photometric, type TiffLayout } from './layout.js';
import { tableUnpacker } from './unpack-indexed.js';
import { unsupported, type Unpack } from './unpacker.js';

/** Gray of 1 to 8 bits, spread over 0..255; of 16 and 32 bits, see below. */
export function grayUnpacker(layout: TiffLayout, raw: boolean): Unpack {
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
