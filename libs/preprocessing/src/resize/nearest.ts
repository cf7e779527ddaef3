import type { Pixels } from '../pixels.js';
import type { Box } from './box.js';
import type { Window } from './window.js';

/**
 * Pillow's NEAREST (`ImagingScaleAffine`): the source coordinate is a running sum in double
 * precision, from the middle of the first output pixel on. Reads only the pixels that it keeps.
 */
export function resizeNearest(source: Pixels, target: Window<Uint8Array>, box: Box): void {
  const columns = positions(box.left, box.right, target.width);
  const rows = positions(box.top, box.bottom, target.height);
  gather(source.data, source.width * 3, columns, rows, target);
}

/** Copies pixel (`rows[y]`, `columns[x]`) to (`y`, `x`), each place given as an element offset. */
export function gather(
  from: Uint8Array,
  stride: number,
  columns: Int32Array,
  rows: Int32Array,
  target: Window<Uint8Array>,
): void {
  const { data: to } = target;
  for (let y = 0; y < target.height; y++) {
    const row = rows[y]! * stride;
    let at = target.offset + y * target.stride;
    for (let x = 0; x < target.width; x++) {
      const read = row + columns[x]! * 3;
      to[at] = from[read]!;
      to[at + 1] = from[read + 1]!;
      to[at + 2] = from[read + 2]!;
      at += 3;
    }
  }
}

function positions(from: number, to: number, count: number): Int32Array {
  const step = Math.fround(to - from) / count;
  const indices = new Int32Array(count);
  let position = from + step * 0.5;
  for (let i = 0; i < count; i++) {
    indices[i] = position;
    position += step;
  }
  return indices;
}
