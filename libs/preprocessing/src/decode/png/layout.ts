import { paletteTable } from '../palette.js';
import { ColourType, type PngHeader } from './header.js';

type Three<T> = readonly [T, T, T];

/** How a row's bytes become red, green and blue. */
export interface Layout {
  /** Bits of a pixel as it is stored. */
  readonly bits: number;
  /** Bits of each sample of those pixels that have to be unpacked to a byte each. */
  readonly unpack: number | undefined;
  /** Bytes from one pixel to the next, unpacked. */
  readonly step: number;
  /** Where in a pixel red, green and blue lie. */
  readonly offsets: Three<number>;
  /** What each byte there stands for. */
  readonly values: Three<Uint8Array>;
}

const CHANNELS: Readonly<Record<number, number>> = {
  [ColourType.Gray]: 1,
  [ColourType.Rgb]: 3,
  [ColourType.Palette]: 1,
  [ColourType.GrayAlpha]: 2,
  [ColourType.RgbAlpha]: 4,
};

export function layoutOf(
  { colourType, bitDepth }: PngHeader,
  palette: Uint8Array | undefined,
): Layout {
  const bits = CHANNELS[colourType]! * bitDepth;
  const isRgb = colourType === ColourType.Rgb || colourType === ColourType.RgbAlpha;
  // Of 16 bits the high byte counts, but not of gray alone: see `unpack`.
  const next = isRgb ? bitDepth / 8 : 0;
  const isUnpacked = bitDepth < 8 || (bitDepth === 16 && colourType === ColourType.Gray);
  return {
    bits,
    unpack: isUnpacked ? bitDepth : undefined,
    step: isUnpacked ? 1 : bits / 8,
    offsets: [0, next, 2 * next],
    values: palette !== undefined && !isRgb ? coloursOf(palette) : graysOf(bitDepth),
  };
}

/** An index past the palette's end is black. */
function coloursOf(palette: Uint8Array): Three<Uint8Array> {
  const table = paletteTable(palette, 3, [0, 1, 2]);
  const channel = (offset: number) => table.filter((_, index) => index % 3 === offset);
  return [channel(0), channel(1), channel(2)];
}

const knownGrays = new Map<number, Uint8Array>();

/** Fewer bits than eight are spread over the whole range. */
function graysOf(bitDepth: number): Three<Uint8Array> {
  let table = knownGrays.get(bitDepth);
  if (table === undefined) {
    const most = 2 ** Math.min(bitDepth, 8) - 1;
    table = Uint8Array.from({ length: 256 }, (_, value) => (value * 255) / most);
    knownGrays.set(bitDepth, table);
  }
  return [table, table, table];
}
