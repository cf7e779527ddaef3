import { unsupported, type Unpack } from './unpacker.js';

/** Palette indices; of the 16-bit entries the high byte counts. */
export function paletteUnpacker(
  bits: number,
  samples: number,
  colorMap: readonly number[],
): Unpack {
  const entries = 1 << bits;
  if (colorMap.length !== entries * 3) throw unsupported();
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < entries; i++) {
    for (let channel = 0; channel < 3; channel++) {
      table[i * 3 + channel] = colorMap[channel * entries + i]! >> 8;
    }
  }
  return tableUnpacker(bits, samples, table);
}

/** Samples of 1 to 8 bits through a table of 256 RGB triples; samples behind the first are skipped. */
export function tableUnpacker(bits: number, samples: number, table: Uint8Array): Unpack {
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
