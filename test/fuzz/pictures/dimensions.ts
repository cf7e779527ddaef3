import { EDGES } from '../bytes.js';
import type { Random } from '../random.js';

/** Where width and height stand. */
type Place = (bytes: Buffer) => readonly number[];

/** Claims other dimensions than the picture has: too many pixels, none, or more than its data fill. */
export function changeDimensions(file: string, bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const extension = file.slice(file.lastIndexOf('.') + 1);
  const isBig = /^(png|jpe?g)$/.test(extension) || bytes[0] === 0x4d;
  for (const at of PLACES[extension]?.(bytes) ?? []) {
    const value = random.chance(0.5) ? random.pick(EDGES) : random.below(1 << 12);
    const length = /^(jpe?g|gif)$/.test(extension) ? 2 : 4;
    if (at + length > changed.length || random.chance(0.3)) continue;
    const word = value % 2 ** (8 * length);
    if (isBig) changed.writeUIntBE(word, at, length);
    else changed.writeUIntLE(word, at, length);
  }
  return changed;
}

const jpeg: Place = (bytes) =>
  everyPlace(
    bytes,
    (at) => bytes[at] === 0xff && /^c[0-35-79-bd-f]$/.test(hex(bytes[at + 1])),
  ).flatMap((at) => [at + 5, at + 7]);

/** The entries of ImageWidth, ImageLength and RowsPerStrip, whose values follow the tag by 8 bytes. */
const tiff: Place = (bytes) => {
  const tags = bytes[0] === 0x4d ? ['0100', '0101', '0116'] : ['0001', '0101', '1601'];
  return everyPlace(bytes, (at) => tags.includes(bytes.toString('hex', at, at + 2))).map(
    (at) => at + 8,
  );
};

const PLACES: Readonly<Record<string, Place>> = {
  png: () => [16, 20],
  gif: () => [6, 8],
  bmp: () => [18, 22],
  webp: () => [20, 24, 26],
  jpeg,
  jpg: jpeg,
  tiff,
};

function everyPlace(bytes: Buffer, isPlace: (at: number) => boolean): number[] {
  return [...bytes.subarray(0, 4096).keys()].filter(isPlace);
}

function hex(byte = 0): string {
  return byte.toString(16);
}
