import { BLOCK_ENDS, extend, findCode, skipLookupOf } from './huffman';
import { BITS, SKIP_BITS } from './lookup';
import { bigEndian, count, front, keep, next } from './stream';
import { OFFSETS } from './zigzag';

const SHIFT: u64 = 64 - BITS;
const SKIP_SHIFT: u64 = 64 - SKIP_BITS;

/** What `readBlock` tells beside the number of coefficients. */
export const BROKEN: i32 = -1;

/** The last block's DC coefficient. */
export let dc: i32 = 0;

/**
 * One block's coefficients, not yet multiplied, in natural order into zeroed memory (T.81, F.2.2).
 *
 * @returns the zigzag position behind the last one sent, 1 where only DC is; BROKEN
 */
export function readBlock(block: usize, dcTable: usize, acTable: usize, lastDc: i32): i32 {
  let bits = front;
  let have = count;
  let at = next;
  if (have < 32) {
    bits |= bigEndian(at) >> have;
    at += (63 - have) >> 3;
    have |= 56;
  }
  let entry = load<u32>(dcTable + ((<usize>(bits >> SHIFT)) << 2));
  let length = <i32>(entry & 0xff);
  let value: i32;
  if (length) {
    value = (<i32>entry) >> 16;
  } else {
    if (!entry) entry = findCode(dcTable, <i32>(bits >> 48));
    if (!entry) return BROKEN;
    const code = <i32>((entry >> 8) & 0xff);
    const size = <i32>(entry >> 16);
    value = size ? extend(<i32>((bits << code) >> (64 - size)), size) : 0;
    length = code + size;
  }
  bits <<= length;
  have -= length;
  dc = lastDc + value;
  if (dc != <i32>(<i16>dc)) return BROKEN;
  store<i16>(block, dc);

  let k: i32 = 1;
  let last: i32 = 1;
  do {
    if (have < 32) {
      bits |= bigEndian(at) >> have;
      at += (63 - have) >> 3;
      have |= 56;
    }
    entry = load<u32>(acTable + ((<usize>(bits >> SHIFT)) << 2));
    length = <i32>(entry & 0xff);
    last = k;
    if (length) {
      k += <i32>((entry >> 8) & 0xff);
      value = (<i32>entry) >> 16;
    } else {
      if (!entry) entry = findCode(acTable, <i32>(bits >> 48));
      if (!entry) return BROKEN;
      const code = <i32>((entry >> 8) & 0xff);
      const symbol = <i32>(entry >> 16);
      const size = symbol & 15;
      length = code + size;
      const run = symbol >> 4;
      if (size) {
        value = extend(<i32>((bits << code) >> (64 - size)), size);
        k += run + 1;
      } else {
        value = 0;
        k += run == 15 ? 16 : 128;
      }
    }
    bits <<= length;
    have -= length;
    // Past the last coefficient, where a block's end leads, lies a place that nobody reads.
    store<i16>(block + load<u8>(OFFSETS + k - 1), value);
  } while (k < 64);
  keep(bits, have, at);
  if (k == 64) return 64;
  return k > 128 ? last : BROKEN;
}

/**
 * Reads past a block's AC coefficients, and its DC coefficient into `dc`: written out once more, since
 * a call of its own would cost a tenth of all decoding.
 *
 * @returns false where the block is broken
 */
export function skipBlock(dcTable: usize, acTable: usize, lastDc: i32): bool {
  const skipTable = skipLookupOf(acTable);
  let bits = front;
  let have = count;
  let at = next;
  if (have < 32) {
    bits |= bigEndian(at) >> have;
    at += (63 - have) >> 3;
    have |= 56;
  }
  let entry = load<u32>(dcTable + ((<usize>(bits >> SHIFT)) << 2));
  let length = <i32>(entry & 0xff);
  let value: i32;
  if (length) {
    value = (<i32>entry) >> 16;
  } else {
    if (!entry) entry = findCode(dcTable, <i32>(bits >> 48));
    if (!entry) return false;
    const code = <i32>((entry >> 8) & 0xff);
    const size = <i32>(entry >> 16);
    value = size ? extend(<i32>((bits << code) >> (64 - size)), size) : 0;
    length = code + size;
  }
  bits <<= length;
  have -= length;
  dc = lastDc + value;
  if (dc != <i32>(<i16>dc)) return false;

  let k: i32 = 1;
  do {
    if (have < 32) {
      bits |= bigEndian(at) >> have;
      at += (63 - have) >> 3;
      have |= 56;
    }
    // Several symbols at once, unless the block may end within them.
    entry = load<u16>(skipTable + ((<usize>(bits >> SKIP_SHIFT)) << 1));
    const beyond = k + <i32>((entry >> 8) & 0x7f);
    if (entry && beyond + <i32>(entry >> 15) <= 64) {
      length = <i32>(entry & 0xff);
      k = entry & BLOCK_ENDS ? 128 : beyond;
    } else {
      entry = load<u32>(acTable + ((<usize>(bits >> SHIFT)) << 2));
      length = <i32>(entry & 0xff);
      if (length) {
        k += <i32>((entry >> 8) & 0xff);
      } else {
        if (!entry) entry = findCode(acTable, <i32>(bits >> 48));
        if (!entry) return false;
        const symbol = <i32>(entry >> 16);
        const size = symbol & 15;
        length = <i32>((entry >> 8) & 0xff) + size;
        k += size || symbol == 0xf0 ? (symbol >> 4) + 1 : 128;
      }
    }
    bits <<= length;
    have -= length;
  } while (k < 64);
  keep(bits, have, at);
  return k == 64 || k >= 128;
}
