import {
  coefficients,
  PRECISION_BITS,
  runLength,
  type Axis,
  type Coefficients,
} from './coefficients.js';
import type { Window } from './window.js';

/** Held here since looking up a global is slow in some hosts' contexts. */
const { imul } = Math;

const HALF = 1 << (PRECISION_BITS - 1);

/**
 * Convolves rows: `target.width` columns out of `axis.inSize`, rows of source and target one to one.
 * Pillow's `ImagingResampleHorizontal_8bpc`.
 */
export function convolveRows(
  source: Window<Uint8Array>,
  axis: Axis,
  target: Window<Uint8Array>,
): void {
  const run = runLength(axis);
  for (let first = 0; first < axis.outSize; first += run) {
    const table = coefficients(axis, first, Math.min(first + run, axis.outSize));
    convolveRowsPart(source, table, first, target);
  }
}

/**
 * Convolves columns: `target.height` rows out of `axis.inSize`, columns of source and target one to
 * one. Pillow's `ImagingResampleVertical_8bpc`. Row 0 of the source is row `firstRow` of the axis.
 */
export function convolveColumns(
  source: Window<Uint8Array>,
  firstRow: number,
  axis: Axis,
  target: Window<Uint8Array>,
): void {
  const run = runLength(axis);
  for (let first = 0; first < axis.outSize; first += run) {
    const table = coefficients(axis, first, Math.min(first + run, axis.outSize));
    convolveColumnsPart(source, firstRow, table, first, target);
  }
}

/** All rows, at the columns of the table, the first of which is `first`. */
function convolveRowsPart(
  source: Window<Uint8Array>,
  { starts, counts, weights, taps }: Coefficients,
  first: number,
  target: Window<Uint8Array>,
): void {
  const { data: from } = source;
  const { data: to } = target;
  for (let y = 0; y < target.height; y++) {
    const row = source.offset + y * source.stride;
    let at = target.offset + y * target.stride + first * 3;
    for (let i = 0; i < starts.length; i++) {
      const end = i * taps + counts[i]!;
      let read = row + starts[i]! * 3;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let k = i * taps; k < end; k++) {
        const weight = weights[k]!;
        red = (red + imul(from[read]!, weight)) | 0;
        green = (green + imul(from[read + 1]!, weight)) | 0;
        blue = (blue + imul(from[read + 2]!, weight)) | 0;
        read += 3;
      }
      to[at] = clip8(red);
      to[at + 1] = clip8(green);
      to[at + 2] = clip8(blue);
      at += 3;
    }
  }
}

/** The rows of the table, whose entry 0 is the target's row `first`. */
function convolveColumnsPart(
  source: Window<Uint8Array>,
  firstRow: number,
  { starts, counts, weights, taps }: Coefficients,
  first: number,
  target: Window<Uint8Array>,
): void {
  const { data: from, stride } = source;
  const { data: to } = target;
  const elements = target.width * 3;
  for (let i = 0; i < starts.length; i++) {
    const stop = i * taps + counts[i]!;
    const column = source.offset + (starts[i]! - firstRow) * stride;
    const row = target.offset + (first + i) * target.stride;
    for (let x = 0; x < elements; x += 3) {
      let read = column + x;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let k = i * taps; k < stop; k++) {
        const weight = weights[k]!;
        red = (red + imul(from[read]!, weight)) | 0;
        green = (green + imul(from[read + 1]!, weight)) | 0;
        blue = (blue + imul(from[read + 2]!, weight)) | 0;
        read += stride;
      }
      to[row + x] = clip8(red);
      to[row + x + 1] = clip8(green);
      to[row + x + 2] = clip8(blue);
    }
  }
}

function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
