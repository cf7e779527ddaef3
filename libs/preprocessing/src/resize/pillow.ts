import type { Pixels } from '../pixels.js';
import { wholeOf, type Box } from './box.js';
import { sourceRange, type Axis } from './coefficients.js';
import { convolveColumns, convolveRows } from './convolution.js';
import { FILTERS, type FilterName } from './filters.js';
import { resizeNearest } from './nearest.js';
import { window, type Window } from './window.js';

/** Gives bytes, not cleared, for the picture between the two passes. */
export type Allocate = (length: number) => Uint8Array;

export type PillowResample = 'nearest' | FilterName;

/**
 * Pillow 13's `Image.resize((width, height), resample, box)` of an RGB picture, bit for bit. The box
 * bounds what is shown, not what is read: kernels reach past it where the picture goes on.
 */
export function resizeLikePillow(
  source: Pixels,
  target: Window<Uint8Array>,
  resample: PillowResample,
  allocate: Allocate,
  box: Box = wholeOf(source),
): void {
  // Pillow keeps the box in floats, which matters past 2^24 pixels.
  const left = Math.fround(box.left);
  const top = Math.fround(box.top);
  const right = Math.fround(box.right);
  const bottom = Math.fround(box.bottom);
  if (Math.fround(right - left) === target.width && Math.fround(bottom - top) === target.height) {
    copy(window(source, left, top, target.width, target.height), target);
    return;
  }
  if (resample === 'nearest') {
    resizeNearest(source, target, { left, top, right, bottom });
    return;
  }
  const filter = FILTERS[resample];
  convolve(
    source,
    target,
    { inSize: source.width, outSize: target.width, from: left, to: right, filter },
    { inSize: source.height, outSize: target.height, from: top, to: bottom, filter },
    allocate,
  );
}

/** Both passes, in Pillow's order, each left out where its axis stays as it is. */
function convolve(
  source: Pixels,
  target: Window<Uint8Array>,
  columns: Axis,
  rows: Axis,
  allocate: Allocate,
): void {
  if (isIdentity(columns)) {
    convolveColumns(window(source), 0, rows, target);
  } else if (isIdentity(rows)) {
    convolveRows(window(source), columns, target);
  } else if (isVerticalFirst(columns, rows)) {
    const between = image(source.width, target.height, allocate);
    convolveColumns(window(source), 0, rows, between);
    convolveRows(between, columns, target);
  } else {
    const { start, end } = sourceRange(rows);
    const between = image(target.width, end - start, allocate);
    convolveRows(window(source, 0, start, source.width, end - start), columns, between);
    convolveColumns(between, start, rows, target);
  }
}

function isIdentity({ inSize, outSize, from, to }: Axis): boolean {
  return inSize === outSize && from === 0 && to === outSize;
}

/** Since Pillow 13: vertical first where the picture loses more than twice as many rows as columns, by count. */
function isVerticalFirst(columns: Axis, rows: Axis): boolean {
  const lost = rows.inSize - rows.outSize;
  return lost > 0 && lost > (columns.inSize - columns.outSize) * 2;
}

function image(width: number, height: number, allocate: Allocate): Window<Uint8Array> {
  return window({ width, height, data: allocate(width * height * 3) });
}

function copy(source: Window<Uint8Array>, target: Window<Uint8Array>): void {
  for (let y = 0; y < target.height; y++) {
    const from = source.offset + y * source.stride;
    target.data.set(
      source.data.subarray(from, from + target.width * 3),
      target.offset + y * target.stride,
    );
  }
}
