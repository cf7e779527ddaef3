import { extend, findCode } from './huffman';
import { BITS } from './lookup';
import { count, front, keep, next, read, refill } from './stream';
import { OFFSETS } from './zigzag';

/** T.81, annex G: what each kind of scan adds to a block's coefficients. All tell false where the data are broken. */

const SHIFT: u64 = 64 - BITS;

/** Blocks to come, this one included, that bring nothing new. */
let endOfBand: i32 = 0;

export function forgetBand(): void {
  endOfBand = 0;
}

/** Whether blocks are announced that do not come. */
export function isBandOpen(): bool {
  return endOfBand != 0;
}

/** The next symbol, -1 where there is none. */
function readSymbol(table: usize): i32 {
  if (count < 32) refill();
  const entry = load<u32>(table + ((<usize>(front >> SHIFT)) << 2));
  if (entry) {
    const length = <i32>(entry & 0xff);
    keep(front << length, count - length, next);
    return entry >> 8;
  }
  const found = findCode(table, <i32>(front >> 48));
  if (!found) return -1;
  const length = <i32>((found >> 8) & 0xff);
  keep(front << length, count - length, next);
  return found >> 16;
}

/** @returns the component's new DC value before its shift; i32.MIN_VALUE where broken */
export function readDc(block: usize, table: usize, last: i32, low: i32): i32 {
  const size = readSymbol(table);
  if (size < 0 || size > 15) return i32.MIN_VALUE;
  const value = last + (size ? extend(read(size), size) : 0);
  if (value != <i32>(<i16>value)) return i32.MIN_VALUE;
  store<i16>(block, value << low);
  return value;
}

export function refineDc(block: usize, low: i32): void {
  if (read(1)) store<i16>(block, (<i32>load<i16>(block)) | (1 << low));
}

export function readAc(block: usize, table: usize, start: i32, end: i32, low: i32): bool {
  if (endOfBand) {
    endOfBand--;
    return true;
  }
  for (let k = start; k <= end; k++) {
    const symbol = readSymbol(table);
    if (symbol < 0) return false;
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size) {
      k += run;
      if (k > end) return false;
      store<i16>(block + load<u8>(OFFSETS + k), extend(read(size), size) << low);
    } else if (run == 15) {
      k += 15;
    } else {
      endOfBand = (1 << run) + read(run) - 1;
      return true;
    }
  }
  return true;
}

export function refineAc(block: usize, table: usize, start: i32, end: i32, low: i32): bool {
  let k = start;
  if (!endOfBand) {
    for (; k <= end; k++) {
      const symbol = readSymbol(table);
      if (symbol < 0) return false;
      let run = symbol >> 4;
      const size = symbol & 15;
      let value = 0;
      if (size) {
        if (size != 1) return false;
        value = read(1) ? 1 << low : -1 << low;
      } else if (run != 15) {
        endOfBand = (1 << run) + read(run);
        break;
      }
      // Past what is known already, which is refined, and as many zeros as the run says.
      for (; k <= end; k++) {
        const at = block + load<u8>(OFFSETS + k);
        if (load<i16>(at)) refineValue(at, low);
        else if (--run < 0) break;
      }
      if (value) {
        if (k > end) return false;
        store<i16>(block + load<u8>(OFFSETS + k), value);
      }
    }
  }
  if (endOfBand) {
    for (; k <= end; k++) {
      const at = block + load<u8>(OFFSETS + k);
      if (load<i16>(at)) refineValue(at, low);
    }
    endOfBand--;
  }
  return true;
}

function refineValue(at: usize, low: i32): void {
  if (!read(1)) return;
  const value = <i32>load<i16>(at);
  const bit = 1 << low;
  if (!(value & bit)) store<i16>(at, value + (value >= 0 ? bit : -bit));
}
