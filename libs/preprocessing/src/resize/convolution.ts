import { coefficients, PRECISION_BITS, runLength, type Axis } from './coefficients.js';
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
  const { data: from } = source;
  const { data: to } = target;
  const step = runLength(axis);
  for (let first = 0; first < axis.outSize; first += step) {
    const last = Math.min(first + step, axis.outSize);
    const { starts, counts, weights, taps } = coefficients(axis, first, last);
    for (let y = 0; y < target.height; y++) {
      const row = source.offset + y * source.stride;
      let at = target.offset + y * target.stride + first * 3;
      for (let i = 0; i < last - first; i++) {
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
  const { data: from, stride } = source;
  const { data: to } = target;
  const elements = target.width * 3;
  const step = runLength(axis);
  for (let first = 0; first < axis.outSize; first += step) {
    const last = Math.min(first + step, axis.outSize);
    const { starts, counts, weights, taps } = coefficients(axis, first, last);
    for (let i = 0; i < last - first; i++) {
      const end = i * taps + counts[i]!;
      const column = source.offset + (starts[i]! - firstRow) * stride;
      const row = target.offset + (first + i) * target.stride;
      for (let x = 0; x < elements; x += 3) {
        let read = column + x;
        let red = HALF;
        let green = HALF;
        let blue = HALF;
        for (let k = i * taps; k < end; k++) {
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
}

function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
