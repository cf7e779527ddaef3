import { f32, halfPixelScale } from './tf-scale.js';
import type { Window } from './window.js';

/** For each target pixel the source pixels under it, and how much of the first and the last. */
interface Cover {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly firstShares: Float32Array;
  readonly lastShares: Float32Array;
  /**
   * 1 where a target pixel covers exactly what the one before it does, as most do where a picture
   * is enlarged. Reading it again would take minutes for a picture of one very long line.
   */
  readonly repeats: Uint8Array;
}

/**
 * TensorFlow's `ResizeArea` (CPU kernel): the mean of the source pixels under each target pixel,
 * those on the border by the share that is covered. Float32, each operation rounded, summed from
 * left to right, then from top to bottom.
 */
export function resizeTfArea(source: Window<Uint8Array>, target: Window<Float32Array>): void {
  const heightScale = halfPixelScale(source.height, target.height);
  const widthScale = halfPixelScale(source.width, target.width);
  const columns = cover(widthScale, target.width);
  const rows = cover(heightScale, target.height);
  const mean = f32(1 / f32(heightScale * widthScale));
  for (let y = 0; y < target.height; y++) {
    if (rows.repeats[y] === 1) {
      const at = target.offset + y * target.stride;
      target.data.copyWithin(at, at - target.stride, at - target.stride + target.width * 3);
      continue;
    }
    averageRow(source, target, columns, rows, y, mean);
  }
}

/** One row of the target. */
function averageRow(
  { data: from, offset, stride, width, height }: Window<Uint8Array>,
  target: Window<Float32Array>,
  columns: Cover,
  rows: Cover,
  y: number,
  mean: number,
): void {
  const { data: to } = target;
  const lastColumn = width - 1;
  const firstRow = rows.starts[y]!;
  const endRow = rows.ends[y]!;
  let at = target.offset + y * target.stride;
  for (let x = 0; x < target.width; x++) {
    if (columns.repeats[x] === 1) {
      to.copyWithin(at, at - 3, at);
      at += 3;
      continue;
    }
    const first = columns.starts[x]!;
    const last = columns.ends[x]! - 1;
    const firstShare = columns.firstShares[x]!;
    const lastShare = columns.lastShares[x]!;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let i = firstRow; i < endRow; i++) {
      const row = offset + Math.min(i, height - 1) * stride;
      let read = row + Math.min(first, lastColumn) * 3;
      let rowRed = f32(from[read]! * firstShare);
      let rowGreen = f32(from[read + 1]! * firstShare);
      let rowBlue = f32(from[read + 2]! * firstShare);
      if (last > first) {
        for (let column = first + 1; column < last; column++) {
          read = row + (column < lastColumn ? column : lastColumn) * 3;
          rowRed = f32(rowRed + from[read]!);
          rowGreen = f32(rowGreen + from[read + 1]!);
          rowBlue = f32(rowBlue + from[read + 2]!);
        }
        read = row + Math.min(last, lastColumn) * 3;
        rowRed = f32(rowRed + f32(from[read]! * lastShare));
        rowGreen = f32(rowGreen + f32(from[read + 1]! * lastShare));
        rowBlue = f32(rowBlue + f32(from[read + 2]! * lastShare));
      }
      const share =
        i === firstRow ? rows.firstShares[y]! : i === endRow - 1 ? rows.lastShares[y]! : 1;
      red = f32(red + f32(rowRed * share));
      green = f32(green + f32(rowGreen * share));
      blue = f32(blue + f32(rowBlue * share));
    }
    to[at++] = f32(red * mean);
    to[at++] = f32(green * mean);
    to[at++] = f32(blue * mean);
  }
}

function cover(scale: number, outSize: number): Cover {
  const starts = new Int32Array(outSize);
  const ends = new Int32Array(outSize);
  const firstShares = new Float32Array(outSize);
  const lastShares = new Float32Array(outSize);
  const repeats = new Uint8Array(outSize);
  for (let i = 0; i < outSize; i++) {
    const from = f32(i * scale);
    const to = f32((i + 1) * scale);
    const start = Math.floor(from);
    const end = Math.ceil(to);
    starts[i] = start;
    ends[i] = end;
    firstShares[i] = share(start, from, to, scale);
    lastShares[i] = share(end - 1, from, to, scale);
    const isRepeated =
      i > 0 &&
      starts[i - 1] === start &&
      ends[i - 1] === end &&
      firstShares[i - 1] === firstShares[i] &&
      lastShares[i - 1] === lastShares[i];
    repeats[i] = isRepeated ? 1 : 0;
  }
  return { starts, ends, firstShares, lastShares, repeats };
}

/** How much of source pixel `index` lies between `from` and `to`. */
function share(index: number, from: number, to: number, scale: number): number {
  const endsAfter = f32(index + 1) > to;
  if (index < from) return endsAfter ? scale : f32(index + 1) - from;
  return endsAfter ? to - index : 1;
}
