import {
  Component,
  ceilDivide,
  component,
  components,
  height,
  isProgressive,
  maxH,
  maxV,
  unit,
  width,
} from './frame';
import { AC, DC, NONE, SYMBOL, lookupOf } from './huffman';
import { inverse, inverseFlat, inverseRows, meanOf } from './idct';
import {
  END,
  dataStart,
  high,
  low,
  readMarkers,
  restartInterval,
  scanComponent,
  scanCount,
  spectralEnd,
  spectralStart,
} from './markers';
import { reserve } from './memory';
import { sampleRow } from './planes';
import { forgetBand, isBandOpen, readAc, readDc, refineAc, refineDc } from './progressive';
import { completeRows, emitRows } from './rows';
import { BROKEN, dc, readBlock, skipBlock } from './sequential';
import { IRREGULAR, OK } from './status';
import { endsWell, isRead, nextPiece, openScan, scanEnd } from './stream';
import { BLOCK_BYTES } from './zigzag';

/** The passes over a picture's entropy-coded data. */

/** More than any encoder writes; each costs a pass over the whole picture, however little it holds. */
const MAX_SCANS = 64;

let fileEnd: usize = 0;

/** As many rows of a block are had one by one for less than all eight together. */
const FEW_ROWS = 3;

/** MCUs left of the restart interval. */
let untilRestart: i32 = 0;
let isBegun: bool = false;

/** A block, and a place behind it for what ends it. */
const block = memory.data(144, 16);

/** All scans of the file, and all rows. */
export function decodeScans(end: usize): i32 {
  fileEnd = end;
  return isProgressive || scanCount < components ? decodeStored() : decodeStreamed();
}

/** One scan brings everything: rows are given out as they come. */
function decodeStreamed(): i32 {
  const mcuColumns = ceilDivide(width, unit * maxH);
  const mcuRows = ceilDivide(height, unit * maxV);
  const status = beginScan(mcuColumns * mcuRows, DC, AC);
  if (status != OK) return status;
  for (let my = 0; my < mcuRows; my++) {
    const end = planMcuRow(my);
    for (let mx = 0; mx < mcuColumns; mx++) {
      if (!beginMcu()) return IRREGULAR;
      for (let at = planned; at < end; at += offsetof<PlannedBlock>()) {
        const next = changetype<PlannedBlock>(at);
        const rows = load<u8>(next.needed) ? next.rows : 0;
        if (!decodeBlock(next.component, rows, next.samples)) return IRREGULAR;
        next.needed += next.neededStep;
        next.samples += next.samplesStep;
      }
    }
    emitRows(completeRows(my + 1));
  }
  return isPieceDone() && isRead() ? OK : IRREGULAR;
}

/** One of the blocks that an MCU consists of, on its way along a row of MCUs. */
@unmanaged
class PlannedBlock {
  component: Component;
  /** Where its flag is, and how much further the next MCU's. */
  needed: usize;
  neededStep: i32;
  /** Bits of the rows of samples that are asked for. */
  rows: i32;
  samples: usize;
  samplesStep: i32;
}

const MAX_BLOCKS = 10;
const planned = memory.data(MAX_BLOCKS * offsetof<PlannedBlock>(), 16);

/** @returns the plan's end */
function planMcuRow(my: i32): usize {
  let at = planned;
  for (let i = 0; i < components; i++) {
    const c = component(i);
    for (let v = 0; v < c.v; v++) {
      const row = my * c.v + v;
      const rows = load<u8>(c.neededRows + row);
      for (let h = 0; h < c.h; h++) {
        const next = changetype<PlannedBlock>(at);
        next.component = c;
        next.needed = c.neededColumns + h;
        next.neededStep = c.h;
        next.rows = rows;
        next.samples = sampleRow(c, row * unit) + h * unit;
        next.samplesStep = c.h * unit;
        at += offsetof<PlannedBlock>();
      }
    }
  }
  return at;
}

/** @param rows bits of the rows of samples that are asked for */
function decodeBlock(c: Component, rows: i32, to: usize): bool {
  if (rows == 0 || unit == 1) {
    if (!skipBlock(c.dcTable, c.acTable, c.lastDc)) return false;
    c.lastDc = dc;
    if (rows) store<u8>(to, meanOf(dequantized(c, dc)));
    return true;
  }
  clearBlock();
  const known = readBlock(block, c.dcTable, c.acTable, c.lastDc);
  if (known == BROKEN) return false;
  c.lastDc = dc;
  invert(c, block, known == 1, rows, to);
  return true;
}

function clearBlock(): void {
  const zero = i64x2.splat(0);
  for (let at = block; at < block + BLOCK_BYTES; at += 32) {
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
}

/** A DC coefficient, in 16 bits as vectors multiply it. */
function dequantized(c: Component, value: i32): i32 {
  return <i32>(<i16>(value * <i32>load<i16>(c.quant)));
}

function invert(c: Component, from: usize, isFlat: bool, rows: i32, to: usize): void {
  const mean = dequantized(c, load<i16>(from));
  if (unit == 1) store<u8>(to, meanOf(mean));
  else if (isFlat) inverseFlat(mean, to, c.stride);
  else if (popcnt(rows) <= FEW_ROWS) inverseRows(from, c.quant, rows, to, c.stride);
  else inverse(from, c.quant, to, c.stride);
}

/** Scans add to coefficients, which are kept for the whole picture. */
function decodeStored(): i32 {
  for (let i = 0; i < components; i++) {
    const c = component(i);
    const bytes = <usize>(c.paddedColumns * c.paddedRows) * BLOCK_BYTES;
    c.coefficients = reserve(bytes);
    memory.fill(c.coefficients, 0, bytes);
    c.accuracy = reserve(64);
    memory.fill(c.accuracy, 255, 64);
  }
  for (let scans = 0; scans < MAX_SCANS; scans++) {
    const status = isProgressive ? decodeProgressiveScan() : decodeSequentialScan();
    if (status != OK) return status;
    const following = readMarkers(scanEnd);
    if (following == END) return isAccurate() ? invertStored() : IRREGULAR;
    if (following != OK) return following;
  }
  return IRREGULAR;
}

function isAccurate(): bool {
  for (let i = 0; i < components; i++) {
    for (let k = 0; k < 64; k++) if (load<u8>(component(i).accuracy + k)) return false;
  }
  return true;
}

function invertStored(): i32 {
  const mcuRows = ceilDivide(height, unit * maxV);
  for (let my = 0; my < mcuRows; my++) {
    for (let i = 0; i < components; i++) {
      const c = component(i);
      for (let row = my * c.v; row < (my + 1) * c.v; row++) {
        const rows = load<u8>(c.neededRows + row);
        if (!rows) continue;
        const samples = sampleRow(c, row * unit);
        for (let column = 0; column < c.blockColumns; column++) {
          if (!load<u8>(c.neededColumns + column)) continue;
          invert(c, blockAt(c, column, row), false, rows, samples + column * unit);
        }
      }
    }
    emitRows(completeRows(my + 1));
  }
  return OK;
}

function blockAt(c: Component, column: i32, row: i32): usize {
  return c.coefficients + <usize>(row * c.paddedColumns + column) * BLOCK_BYTES;
}

function decodeSequentialScan(): i32 {
  if (!note(0, 63)) return IRREGULAR;
  const status = beginScan(mcuColumnsOfScan() * mcuRowsOfScan(), DC, AC);
  return status == OK ? addScan() : status;
}

function decodeProgressiveScan(): i32 {
  const isDc = spectralStart == 0;
  if (isDc ? spectralEnd != 0 : scanCount != 1 || spectralEnd < spectralStart) return IRREGULAR;
  if (spectralEnd > 63 || low > 13 || !note(spectralStart, spectralEnd)) return IRREGULAR;
  const status = beginScan(
    mcuColumnsOfScan() * mcuRowsOfScan(),
    isDc && high == 0 ? SYMBOL : NONE,
    isDc ? NONE : SYMBOL,
  );
  return status == OK ? addScan() : status;
}

/** Adds what the scan brings to its blocks' coefficients. */
function addScan(): i32 {
  const columns = mcuColumnsOfScan();
  const rows = mcuRowsOfScan();
  for (let my = 0; my < rows; my++) {
    for (let mx = 0; mx < columns; mx++) {
      if (!beginMcu()) return IRREGULAR;
      for (let n = 0; n < scanCount; n++) {
        const c = scanComponent(n);
        const across = scanCount == 1 ? 1 : c.h;
        const down = scanCount == 1 ? 1 : c.v;
        for (let v = 0; v < down; v++) {
          for (let h = 0; h < across; h++) {
            if (!addToBlock(c, blockAt(c, mx * across + h, my * down + v))) return IRREGULAR;
          }
        }
      }
    }
  }
  return isPieceDone() && isRead() ? OK : IRREGULAR;
}

function addToBlock(c: Component, at: usize): bool {
  if (!isProgressive) {
    clearBlock();
    if (readBlock(block, c.dcTable, c.acTable, c.lastDc) == BROKEN) return false;
    c.lastDc = dc;
    memory.copy(at, block, BLOCK_BYTES);
    return true;
  }
  if (spectralStart != 0) {
    return high == 0
      ? readAc(at, c.acTable, spectralStart, spectralEnd, low)
      : refineAc(at, c.acTable, spectralStart, spectralEnd, low);
  }
  if (high != 0) {
    refineDc(at, low);
    return true;
  }
  const value = readDc(at, c.dcTable, c.lastDc, low);
  c.lastDc = value;
  return value != i32.MIN_VALUE;
}

/** Holds the scan against what was sent before; libjpeg only warns of what is refused here. */
function note(start: i32, end: i32): bool {
  if (
    isProgressive ? high != 0 && high != low + 1 : spectralStart | (spectralEnd ^ 63) | high | low
  ) {
    return false;
  }
  for (let n = 0; n < scanCount; n++) {
    const accuracy = scanComponent(n).accuracy;
    if (start > 0 && load<u8>(accuracy) == 255) return false;
    for (let k = start; k <= end; k++) {
      const before = load<u8>(accuracy + k);
      if (before != (high == 0 ? 255 : high)) return false;
      store<u8>(accuracy + k, low);
    }
  }
  return true;
}

function mcuColumnsOfScan(): i32 {
  return scanCount == 1 ? scanComponent(0).blockColumns : ceilDivide(width, unit * maxH);
}

function mcuRowsOfScan(): i32 {
  return scanCount == 1 ? scanComponent(0).blockRows : ceilDivide(height, unit * maxV);
}

function beginScan(mcus: i32, dcKind: i32, acKind: i32): i32 {
  for (let n = 0; n < scanCount; n++) {
    const c = scanComponent(n);
    // Slots become tables here.
    if (dcKind != NONE) {
      c.dcTable = lookupOf(<i32>c.dcTable, dcKind);
      if (!c.dcTable) return IRREGULAR;
    }
    if (acKind != NONE) {
      c.acTable = lookupOf(<i32>c.acTable, acKind);
      if (!c.acTable) return IRREGULAR;
    }
  }
  untilRestart = 0;
  isBegun = false;
  return openScan(dataStart, fileEnd, restartInterval ? ceilDivide(mcus, restartInterval) : 1);
}

/** Goes on to the next restart interval where one ends. */
function beginMcu(): bool {
  if (untilRestart == 0) {
    if (isBegun && !isPieceDone()) return false;
    if (!nextPiece()) return false;
    isBegun = true;
    forgetBand();
    for (let i = 0; i < components; i++) component(i).lastDc = 0;
    untilRestart = restartInterval ? restartInterval : i32.MAX_VALUE;
  }
  untilRestart--;
  return true;
}

function isPieceDone(): bool {
  return endsWell() && !isBandOpen();
}
