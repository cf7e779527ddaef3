import type { Pixels } from '../pixels.js';
import type { Positions, Scale } from '#jpeg';
import type { Box } from './box.js';
import type { Size } from './fit.js';
import type { Window } from './window.js';

/**
 * Pillow's NEAREST (`ImagingScaleAffine`): the source coordinate is a running sum in double
 * precision, from the middle of the first output pixel on. Reads only the pixels that it keeps.
 */
export function resizeNearest(source: Pixels, target: Window<Uint8Array>, box: Box): void {
  const { columns, rows } = nearestPositions(box, target);
  gather(source.data, source.width * 3, columns, rows, target);
}

/** The source's columns and rows that nearest keeps for a target of this size. */
export function nearestPositions(box: Box, { width, height }: Size): Positions {
  // Pillow keeps the box in floats, which matters past 2^24 pixels.
  const { fround } = Math;
  return {
    columns: positions(fround(box.left), fround(box.right), width),
    rows: positions(fround(box.top), fround(box.bottom), height),
  };
}

/** `resizeNearest` and the scaling of its bytes in one pass, into `height * width * 3` floats. */
export function resizeNearestScaled(
  source: Pixels,
  target: Window<Float32Array>,
  box: Box,
  scale: Scale,
): void {
  const { columns, rows } = nearestPositions(box, target);
  for (let x = 0; x < columns.length; x++) columns[x]! *= 3;
  for (let y = 0; y < rows.length; y++) rows[y]! *= source.width * 3;
  const [table0, table1, table2] = scale.tables;
  if (table0 === table1 && table1 === table2) gatherScaled(source, columns, rows, target, table0);
  else gatherScaledByChannel(source, columns, rows, target, scale);
}

/** A third faster than by channel: this loop is most of what a small image costs after its decoding. */
function gatherScaled(
  { data: from }: Pixels,
  columns: Int32Array,
  rows: Int32Array,
  { data: to, offset, stride }: Window<Float32Array>,
  table: Float32Array,
): void {
  for (let y = 0; y < rows.length; y++) {
    const row = rows[y]!;
    let at = offset + y * stride;
    for (let x = 0; x < columns.length; x++) {
      const read = row + columns[x]!;
      to[at] = table[from[read]!]!;
      to[at + 1] = table[from[read + 1]!]!;
      to[at + 2] = table[from[read + 2]!]!;
      at += 3;
    }
  }
}

function gatherScaledByChannel(
  { data: from }: Pixels,
  columns: Int32Array,
  rows: Int32Array,
  { data: to, offset, stride }: Window<Float32Array>,
  { tables: [table0, table1, table2], isBgr }: Scale,
): void {
  const first = isBgr ? 2 : 0;
  const last = 2 - first;
  for (let y = 0; y < rows.length; y++) {
    const row = rows[y]!;
    let at = offset + y * stride;
    for (let x = 0; x < columns.length; x++) {
      const read = row + columns[x]!;
      to[at] = table0[from[read + first]!]!;
      to[at + 1] = table1[from[read + 1]!]!;
      to[at + 2] = table2[from[read + last]!]!;
      at += 3;
    }
  }
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
