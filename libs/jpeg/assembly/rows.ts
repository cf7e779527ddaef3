import { fromGray, fromRgb, fromYcc } from './colour';
import { Component, component, components, height, isYcc, maxH, maxV, unit, width } from './frame';
import { SLACK, reserve } from './memory';
import { sampleRow } from './planes';
import { between, repeat, reserveSums, widen, widenBetween } from './upsample';

/** From samples to the pixels that are asked for. */

/** What becomes of a pixel's bytes. */
export const BYTES: i32 = 0;
export const FLOATS: i32 = 1;
export const QUOTIENTS: i32 = 2;

/** Three tables of 256 floats: what a byte of the output's first, second and third channel becomes. */
export const scales = memory.data(3 * 256 * 4, 16);

/** In the order of the output's channels, and one more: what bytes are divided by, and what is then taken off. */
export const quotients = memory.data(2 * 16, 16);

let columns: usize = 0;
let columnCount: i32 = 0;
let rows: usize = 0;
let rowCount: i32 = 0;
let format: i32 = 0;
let redLast: bool = false;
let outputBytes: usize = 0;

let pixels: usize = 0;
let chroma: usize = 0;
let chromaStride: usize = 0;
let emitted: i32 = 0;
let pixelsOf: i32 = -1;

export let output: usize = 0;

export function openRows(
  columnsAt: usize,
  columnsAsked: i32,
  rowsAt: usize,
  rowsAsked: i32,
  asked: i32,
  bgr: bool,
): void {
  columns = columnsAt;
  columnCount = columnsAsked;
  rows = rowsAt;
  rowCount = rowsAsked;
  format = asked;
  redLast = bgr;
  outputBytes = <usize>columnCount * (asked == BYTES ? 3 : 12);
  output = reserve(outputBytes * rowCount);
  pixels = reserve(4 * <usize>width + SLACK);
  chromaStride = 2 * <usize>component(0).stride + SLACK;
  chroma = reserve(2 * chromaStride);
  reserveSums(component(0).stride);
  emitted = 0;
  pixelsOf = -1;
}

/** Writes all asked rows above `limit`. */
export function emitRows(limit: i32): void {
  for (; emitted < rowCount; emitted++) {
    const y = load<i32>(rows + 4 * emitted);
    if (y >= limit) return;
    const to = output + outputBytes * emitted;
    if (y == pixelsOf) {
      memory.copy(to, to - outputBytes, outputBytes);
      continue;
    }
    convertRow(y);
    pixelsOf = y;
    if (format == BYTES) gatherBytes(to);
    else if (format == FLOATS) gatherFloats(to);
    else gatherQuotients(to);
  }
}

/** Rows that are complete once so many rows of MCUs are decoded: the last may weigh in what follows. */
export function completeRows(mcuRows: i32): i32 {
  const end = mcuRows * unit * maxV;
  return end >= height ? height : end - 1;
}

function convertRow(y: i32): void {
  const luma = sampleRow(component(0), y);
  if (components == 1) {
    fromGray(luma, width, pixels);
    return;
  }
  const second = upsampled(component(1), y, chroma);
  const third = upsampled(component(2), y, chroma + chromaStride);
  if (isYcc) fromYcc(luma, second, third, width, pixels);
  else fromRgb(luma, second, third, width, pixels);
}

/** A component's row at the picture's full width: where it is kept, or made at `to`. */
function upsampled(c: Component, y: i32, to: usize): usize {
  const across = maxH / c.h;
  const down = maxV / c.v;
  const row = y / down;
  const near = sampleRow(c, row);
  if (across == 1 && down == 1) return near;
  if (unit == 1) {
    repeat(near, c.columns, across, to);
  } else if (down == 2 && across <= 2) {
    const far = sampleRow(c, min(max(y & 1 ? row + 1 : row - 1, 0), c.rows - 1));
    if (across == 2) widenBetween(near, far, c.columns, to);
    else between(near, far, c.columns, y & 1 ? 2 : 1, to);
  } else if (across == 2 && down == 1) {
    widen(near, c.columns, to);
  } else {
    repeat(near, c.columns, across, to);
  }
  return to;
}

function gatherBytes(to: usize): void {
  const end = columns + 4 * <usize>columnCount;
  for (let at = columns; at < end; at += 4, to += 3) {
    // The fourth byte falls to the pixel behind, or the slack.
    store<u32>(to, load<u32>(pixels + 4 * load<u32>(at)));
  }
}

function gatherFloats(to: usize): void {
  const end = columns + 4 * <usize>columnCount;
  const red = redLast ? 8 : 0;
  const blue = 8 - red;
  const redTable = scales + <usize>red * 256;
  const greenTable = scales + 1024;
  const blueTable = scales + <usize>blue * 256;
  for (let at = columns; at < end; at += 4, to += 12) {
    const pixel = load<u32>(pixels + 4 * load<u32>(at));
    store<u32>(to + red, load<u32>(redTable + ((pixel << 2) & 0x3fc)));
    store<u32>(to + 4, load<u32>(greenTable + ((pixel >> 6) & 0x3fc)));
    store<u32>(to + blue, load<u32>(blueTable + ((pixel >> 14) & 0x3fc)));
  }
}

/** The same floats as by table, in vectors: a table costs three loads and three stores a pixel. */
function gatherQuotients(to: usize): void {
  const isBgr = redLast;
  const divisors = v128.load(quotients);
  const means = v128.load(quotients, 16);
  const end = columns + 4 * <usize>columnCount;
  for (let at = columns; at < end; at += 4, to += 12) {
    const pixel = v128.load8x8_u(pixels + 4 * load<u32>(at));
    // Signed, for which processors have an instruction; they are small.
    let value = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(pixel));
    if (isBgr) value = i32x4.shuffle(value, value, 2, 1, 0, 3);
    // The fourth float falls to the pixel behind, or the slack.
    v128.store(to, f32x4.sub(f32x4.div(value, divisors), means));
  }
}
