import type { Filter } from './filters.js';

/** Bits after the point of a coefficient: 8 for the byte and 2 for overshoot leave 22 of 32. */
export const PRECISION_BITS = 22;

/** One axis of a resize: where the output's `outSize` pixels lie on `inSize` source pixels. */
export interface Axis {
  readonly inSize: number;
  readonly outSize: number;
  /** The part of the source that is shown, in source pixels (float32 values, as Pillow holds them). */
  readonly from: number;
  readonly to: number;
  readonly filter: Filter;
}

/** Fixed-point weights of a run of output pixels: pixel `i` of the run takes `counts[i]` source pixels from `starts[i]` on. */
export interface Coefficients {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `weights[i * taps + k]` belongs to source pixel `starts[i] + k`. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** A table of more weights than this (1 MiB) is built in runs, so that no picture makes it grow with its length. */
const MAX_WEIGHTS = 1 << 18;

/** Source pixels per output pixel, and how far (in source pixels) each output pixel reaches. */
function extent({ from, to, outSize, filter }: Axis): {
  scale: number;
  filterScale: number;
  support: number;
} {
  const scale = Math.fround(to - from) / outSize;
  // The kernel widens when shrinking, which is what makes it antialias, and never narrows.
  const filterScale = Math.max(scale, 1);
  return { scale, filterScale, support: filter.support * filterScale };
}

function bounds(axis: Axis, scale: number, support: number, index: number) {
  const center = axis.from + (index + 0.5) * scale;
  const start = Math.max(Math.trunc(center - support + 0.5), 0);
  const end = Math.min(Math.trunc(center + support + 0.5), axis.inSize);
  return { center, start, end };
}

/** First source pixel that any output pixel reads, and the one past the last. */
export function sourceRange(axis: Axis): { start: number; end: number } {
  const { scale, support } = extent(axis);
  return {
    start: bounds(axis, scale, support, 0).start,
    end: bounds(axis, scale, support, axis.outSize - 1).end,
  };
}

/** How many output pixels make a run whose table is of bounded size (1 at least). */
export function runLength(axis: Axis): number {
  return Math.max(1, Math.floor(MAX_WEIGHTS / tapsOf(extent(axis).support)));
}

/**
 * The weights of output pixels `first` to `last` (exclusive): evaluated and normalised to sum 1 in
 * double precision, then rounded half away from zero to 22 bits. Pillow's `precompute_coeffs` and
 * `normalize_coeffs_8bpc`.
 */
export function coefficients(axis: Axis, first: number, last: number): Coefficients {
  const { scale, filterScale, support } = extent(axis);
  const { weight } = axis.filter;
  const inverse = 1 / filterScale;
  const taps = tapsOf(support);
  const run = last - first;
  const starts = new Int32Array(run);
  const counts = new Int32Array(run);
  const weights = new Int32Array(run * taps);
  const exact = new Float64Array(taps);

  for (let i = 0; i < run; i++) {
    const { center, start, end } = bounds(axis, scale, support, first + i);
    const count = end - start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      exact[k] = weight((k + start - center + 0.5) * inverse);
      sum += exact[k]!;
    }
    for (let k = 0; k < count; k++) {
      const scaled = (sum === 0 ? exact[k]! : exact[k]! / sum) * (1 << PRECISION_BITS);
      weights[i * taps + k] = scaled < 0 ? scaled - 0.5 : scaled + 0.5;
    }
    starts[i] = start;
    counts[i] = count;
  }
  return { starts, counts, weights, taps };
}

function tapsOf(support: number): number {
  return Math.ceil(support) * 2 + 1;
}
