import type { Pixels } from '../../pixels.js';
import { paletteTable } from '../palette.js';
import { readFirstFrame } from './frame.js';
import { GifLzw } from './lzw.js';

/**
 * GIF's first frame on its canvas. Transparent pixels keep the colour that the palette has for them and
 * the canvas around a smaller frame has the transparent index's colour (else index 0's), as in
 * Pillow: hence no libvips, which composes.
 */
export function decodeGif(bytes: Uint8Array, maxPixels: number): Pixels {
  const frame = readFirstFrame(bytes, maxPixels);
  const { canvasWidth: width, canvasHeight: height } = frame;
  const colours = paletteTable(frame.palette, 3, [0, 1, 2]);
  const data = new Uint8Array(width * height * 3);
  const fill = colours.subarray(frame.fill * 3, frame.fill * 3 + 3);
  if (frame.width * frame.height < width * height && fill.some((value) => value !== 0)) {
    data.set(fill);
    for (let done = 3; done < data.length; done *= 2) data.copyWithin(done, 0, done);
  }
  const lzw = new GifLzw(bytes, frame.dataOffset, frame.codeBits);
  const row = new Uint8Array(frame.width);
  for (const y of rowOrder(frame.height, frame.interlaced)) {
    lzw.readInto(row);
    let to = ((frame.top + y) * width + frame.left) * 3;
    for (const index of row) {
      const from = index * 3;
      data[to++] = colours[from]!;
      data[to++] = colours[from + 1]!;
      data[to++] = colours[from + 2]!;
    }
  }
  return { width, height, data };
}

function* rowOrder(height: number, interlaced: boolean): Generator<number> {
  const passes = interlaced ? INTERLACE : [[0, 1] as const];
  for (const [start, step] of passes) {
    for (let y = start; y < height; y += step) yield y;
  }
}

/** GIF89a, appendix E. */
const INTERLACE: readonly (readonly [start: number, step: number])[] = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
];
