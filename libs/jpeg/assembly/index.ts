import { height as frameHeight, reduceToBlocks, width as frameWidth } from './frame';
import { fillWeights } from './idct';
import { openFile } from './markers';
import { reserve, reset } from './memory';
import { markNeeded, reservePlanes } from './planes';
import {
  openRows,
  output as outputAt,
  quotients as quotientsAt,
  scales as scaleTables,
} from './rows';
import { decodeScans } from './scans';
import { scanEnd as scanEndAt } from './stream';
import { fillZigzag } from './zigzag';

/**
 * A JPEG decoder that gives the pixels which are asked for and no others, byte for byte as
 * libjpeg-turbo gives them by default: `input`, `open`, `ask`, `decode`, `output`, in this order.
 */

let file: usize = 0;
let fileBytes: i32 = 0;
let positions: usize = 0;
let columns: i32 = 0;
let rows: i32 = 0;

fillZigzag();
fillWeights();

/** Where a file of so many bytes has to be put. What was decoded before is gone. */
export function input(bytes: i32): usize {
  reset();
  fileBytes = bytes;
  file = reserve(bytes);
  return file;
}

/** Reads the headers: a status. */
export function open(): i32 {
  return openFile(file, fileBytes);
}

/** After `open`: goes on with the means of blocks of 8 × 8 instead of the picture. */
export function reduce(): void {
  reduceToBlocks();
}

/** Pixels, after `open`, of what is decoded. */
export function width(): i32 {
  return frameWidth;
}

export function height(): i32 {
  return frameHeight;
}

/** Where the positions of so many columns and then rows have to be put, 32 bits each, rows in ascending order. */
export function ask(columnCount: i32, rowCount: i32): usize {
  columns = columnCount;
  rows = rowCount;
  positions = reserve(4 * <usize>(columnCount + rowCount));
  return positions;
}

/** Where the 3 × 256 floats lie that bytes become in the format of floats. */
export function scales(): usize {
  return scaleTables;
}

/** Where four divisors and four means lie, all floats, of the format of quotients: `byte / divisor - mean`. */
export function quotients(): usize {
  return quotientsAt;
}

/** Decodes: a status. `format` is 0 for bytes, 1 for floats and 2 for quotients, three a pixel. */
export function decode(format: i32, isBgr: bool): i32 {
  const rowsAt = positions + 4 * <usize>columns;
  markNeeded(positions, columns, rowsAt, rows);
  reservePlanes();
  openRows(positions, columns, rowsAt, rows, format, isBgr);
  return decodeScans(file + fileBytes);
}

/** Where the pixels lie, row by row, without gaps. */
export function output(): usize {
  return outputAt;
}

/** Where the last scan that was read ends. */
export function scanEnd(): usize {
  return scanEndAt;
}
