import {
  Component,
  ceilDivide,
  component,
  components,
  describeColour,
  describeFrame,
  describeSampling,
  height,
  isProgressive,
  maxH,
  maxV,
  width,
} from './frame';
import { defineTable, forgetTables } from './huffman';
import { reserve } from './memory';
import { IRREGULAR, OK, UNSUPPORTED } from './status';
import { BLOCK_BYTES, OFFSETS } from './zigzag';

/** What lies in front of a scan's data (T.81, annex B). Regular files only: what is odd is left to others. */

/** The file ends. */
export const END: i32 = -1;

/** The scan that begins at `dataStart`: its components by index, spectral selection and approximation. */
export let dataStart: usize = 0;
export let scanCount: i32 = 0;
export let spectralStart: i32 = 0;
export let spectralEnd: i32 = 0;
export let high: i32 = 0;
export let low: i32 = 0;
export let restartInterval: i32 = 0;
const scanIndices = memory.data(4);

const QUANT_SLOTS = 4;
const quants = memory.data(QUANT_SLOTS * 128, 16);
let quantsDefined: u32 = 0;

let end: usize = 0;
let sawFrame: bool = false;
let sawJfif: bool = false;
let adobeTransform: i32 = -1;

/** @returns the component that the scan's n-th is */
export function scanComponent(n: i32): Component {
  return component(load<u8>(scanIndices + n));
}

export function openFile(from: usize, length: i32): i32 {
  end = from + length;
  sawFrame = false;
  sawJfif = false;
  adobeTransform = -1;
  restartInterval = 0;
  quantsDefined = 0;
  forgetTables();
  if (length < 4 || u16At(from) != 0xffd8) return IRREGULAR;
  return readMarkers(from + 2);
}

/** From a marker up to the next scan's data. OK at a scan, END at the end. */
export function readMarkers(from: usize): i32 {
  let at = from;
  while (true) {
    if (at + 4 > end && !(at + 2 <= end && u16At(at) == 0xffd9)) return IRREGULAR;
    if (load<u8>(at++) != 0xff) return IRREGULAR;
    while (at < end && load<u8>(at) == 0xff) at++;
    if (at >= end) return IRREGULAR;
    const marker = <i32>load<u8>(at++);
    if (marker == 0xd9) return END;
    if (at + 2 > end) return IRREGULAR;
    const length = <i32>u16At(at);
    if (length < 2 || at + length > end) return IRREGULAR;
    const status = readSegment(marker, at + 2, length - 2);
    at += length;
    if (status != OK) return status;
    if (marker == 0xda) {
      dataStart = at;
      return OK;
    }
  }
}

function u16At(at: usize): u32 {
  return ((<u32>load<u8>(at)) << 8) | load<u8>(at + 1);
}

function readSegment(marker: i32, at: usize, length: i32): i32 {
  switch (marker) {
    case 0xc0:
    case 0xc1:
    case 0xc2:
      return readFrame(at, length, marker == 0xc2);
    case 0xc4:
      return readHuffmanTables(at, length);
    case 0xda:
      return sawFrame ? readScan(at, length) : IRREGULAR;
    case 0xdb:
      return readQuantizationTables(at, length);
    case 0xdd:
      if (length != 2) return IRREGULAR;
      restartInterval = u16At(at);
      return OK;
    case 0xe0:
      if (length >= 12 && isText(at, 0x4a464946) && load<u8>(at + 4) == 0) sawJfif = true;
      return OK;
    case 0xee:
      if (length >= 12 && isText(at, 0x41646f62) && load<u8>(at + 4) == 0x65) {
        adobeTransform = load<u8>(at + 11);
      }
      return OK;
    default:
      return (marker >= 0xe0 && marker <= 0xef) || marker == 0xfe ? OK : UNSUPPORTED;
  }
}

function isText(at: usize, text: u32): bool {
  return ((u16At(at) << 16) | u16At(at + 2)) == text;
}

function readFrame(at: usize, length: i32, progressive: bool): i32 {
  if (sawFrame || length < 6) return IRREGULAR;
  const count = <i32>load<u8>(at + 5);
  if (load<u8>(at) != 8 || (count != 1 && count != 3)) return UNSUPPORTED;
  if (length != 6 + 3 * count) return IRREGULAR;
  describeFrame(u16At(at + 3), u16At(at + 1), count, progressive);
  if (width == 0 || height == 0) return IRREGULAR;
  for (let i = 0; i < count; i++) {
    const c = component(i);
    const field = at + 6 + 3 * i;
    c.id = load<u8>(field);
    c.h = load<u8>(field + 1) >> 4;
    c.v = load<u8>(field + 1) & 15;
    c.quantSlot = load<u8>(field + 2);
    if (c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quantSlot >= QUANT_SLOTS) return IRREGULAR;
  }
  sawFrame = true;
  return layOut();
}

/** Sizes of the components (T.81, A.1.1 and A.2.4). */
function layOut(): i32 {
  // One component alone is sent block by block, whatever its factors.
  if (components == 1) {
    component(0).h = 1;
    component(0).v = 1;
  }
  const first = component(0);
  describeSampling(first.h, first.v);
  const mcuColumns = ceilDivide(width, 8 * maxH);
  const mcuRows = ceilDivide(height, 8 * maxV);
  let blocks = 0;
  for (let i = 0; i < components; i++) {
    const c = component(i);
    if (maxH % c.h != 0 || maxV % c.v != 0) return UNSUPPORTED;
    c.columns = ceilDivide(width * c.h, maxH);
    c.rows = ceilDivide(height * c.v, maxV);
    c.blockColumns = ceilDivide(c.columns, 8);
    c.blockRows = ceilDivide(c.rows, 8);
    c.paddedColumns = mcuColumns * c.h;
    c.paddedRows = mcuRows * c.v;
    c.quant = 0;
    c.coefficients = 0;
    blocks += c.h * c.v;
    // libjpeg does not interpolate so narrow a row.
    if (maxH == c.h * 2 && c.columns <= 2) return UNSUPPORTED;
  }
  return blocks > 10 ? IRREGULAR : OK;
}

function readHuffmanTables(at: usize, length: i32): i32 {
  const last = at + length;
  while (at < last) {
    if (at + 17 > last) return IRREGULAR;
    const slot = load<u8>(at);
    let count = 0;
    for (let i = 1; i <= 16; i++) count += load<u8>(at + i);
    if ((slot & ~0x10) > 3 || count > 256 || at + 17 + count > last) return IRREGULAR;
    defineTable((slot >> 4) * 4 + (slot & 15), at + 1, at + 17, count);
    at += 17 + count;
  }
  return OK;
}

function readQuantizationTables(at: usize, length: i32): i32 {
  const last = at + length;
  while (at < last) {
    const slot = <i32>(load<u8>(at) & 15);
    const size = load<u8>(at) >> 4 ? 2 : 1;
    at++;
    if (slot >= QUANT_SLOTS || at + 64 * size > last) return IRREGULAR;
    const table = quants + slot * BLOCK_BYTES;
    for (let k = 0; k < 64; k++, at += size) {
      store<u16>(table + load<u8>(OFFSETS + k), size == 2 ? u16At(at) : load<u8>(at));
    }
    quantsDefined |= 1 << slot;
  }
  return OK;
}

function readScan(at: usize, length: i32): i32 {
  scanCount = length ? load<u8>(at) : 0;
  if (scanCount < 1 || scanCount > components || length != 4 + 2 * scanCount) return IRREGULAR;
  let previous = -1;
  for (let n = 0; n < scanCount; n++) {
    const index = indexOf(load<u8>(at + 1 + 2 * n));
    // In the frame's order, each once.
    if (index <= previous) return IRREGULAR;
    previous = index;
    store<u8>(scanIndices + n, index);
    const tables = load<u8>(at + 2 + 2 * n);
    const c = component(index);
    if (tables >> 4 > 3 || (tables & 15) > 3) return IRREGULAR;
    // Slots until the scan's kind is known.
    c.dcTable = tables >> 4;
    c.acTable = 4 + (tables & 15);
    if (c.quant == 0 && !latchQuantization(c)) return IRREGULAR;
  }
  const tail = at + 1 + 2 * scanCount;
  spectralStart = load<u8>(tail);
  spectralEnd = load<u8>(tail + 1);
  high = load<u8>(tail + 2) >> 4;
  low = load<u8>(tail + 2) & 15;
  describeColour(isYccSent());
  return OK;
}

function indexOf(id: i32): i32 {
  for (let i = 0; i < components; i++) if (component(i).id == id) return i;
  return -1;
}

/** A component keeps the table that holds when its first scan begins. */
function latchQuantization(c: Component): bool {
  if (!((quantsDefined >> c.quantSlot) & 1)) return false;
  c.quant = reserve(BLOCK_BYTES);
  memory.copy(c.quant, quants + c.quantSlot * BLOCK_BYTES, BLOCK_BYTES);
  return true;
}

/** libjpeg's `default_decompress_parms`. */
function isYccSent(): bool {
  if (sawJfif) return true;
  if (adobeTransform >= 0) return adobeTransform != 0;
  return !(
    components == 3 &&
    component(0).id == 82 &&
    component(1).id == 71 &&
    component(2).id == 66
  );
}
