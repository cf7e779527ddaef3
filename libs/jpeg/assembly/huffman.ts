import { BITS, SKIP_BITS } from './lookup';

/** A table's place in memory: the look-up, then what codes too long for it need. */
const LOOKUP_BYTES: usize = 4 << BITS;
const MAX_CODE = LOOKUP_BYTES;
const OFFSET = MAX_CODE + 4 * 18;
const RAW = OFFSET + 4 * 18;
const RAW_BYTES: usize = 16 + 256;
const KIND = RAW + RAW_BYTES;
const HAS_SKIP = KIND + 4;
/** Look-up of the symbols that lie in so many bits, for reading past them. */
const SKIP = (HAS_SKIP + 4 + 15) & ~15;
const TABLE_BYTES = SKIP + (2 << SKIP_BITS);

/** How a table's look-up is filled. */
export const NONE: i32 = 0;
/** Difference of DC coefficients, sequential. */
export const DC: i32 = 1;
/** Run and value of AC coefficients, sequential. */
export const AC: i32 = 2;
/** The symbol alone, progressive. */
export const SYMBOL: i32 = 3;

/** Four DC and four AC tables of raw counts and symbols as sent, and the look-ups made of them. */
const raws = memory.data(8 * 272, 16);
const defined = memory.data(8, 16);
const tables = memory.data(8 * <i32>TABLE_BYTES, 16);

export function forgetTables(): void {
  memory.fill(defined, 0, 8);
}

/** Keeps a table as it is sent: sixteen counts and their symbols. */
export function defineTable(slot: i32, counts: usize, symbols: usize, count: i32): void {
  const raw = raws + <usize>slot * RAW_BYTES;
  memory.fill(raw, 0, RAW_BYTES);
  memory.copy(raw, counts, 16);
  memory.copy(raw + 16, symbols, count);
  store<u8>(defined + slot, 1);
}

/** The look-up of a slot's table for the given kind; 0 where there is no such table or it is no prefix code. */
export function lookupOf(slot: i32, kind: i32): usize {
  if (!load<u8>(defined + slot)) return 0;
  const table = tables + <usize>slot * TABLE_BYTES;
  const raw = raws + <usize>slot * RAW_BYTES;
  // Most pictures bring the same tables: they are kept from one to the next.
  if (load<i32>(table + KIND) == kind && memory.compare(table + RAW, raw, RAW_BYTES) == 0)
    return table;
  store<i32>(table + KIND, NONE);
  if (!build(table, raw, kind)) return 0;
  memory.copy(table + RAW, raw, RAW_BYTES);
  store<i32>(table + KIND, kind);
  store<i32>(table + HAS_SKIP, 0);
  return table;
}

/** ITU-T T.81, annex C and F.2.2.3. */
function build(table: usize, raw: usize, kind: i32): bool {
  memory.fill(table, 0, LOOKUP_BYTES);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = <i32>load<u8>(raw + length - 1);
    store<i32>(table + OFFSET + length * 4, index - code);
    for (let i = 0; i < count; i++, code++, index++) {
      const symbol = <i32>load<u8>(raw + 16 + index);
      if (kind == DC && symbol > 15) return false;
      if (length <= BITS) fillEntries(table, code, length, symbol, kind);
    }
    // No code may consist of ones alone.
    if (count && code >= 1 << length) return false;
    store<i32>(table + MAX_CODE + length * 4, count ? code - 1 : -1);
    code <<= 1;
  }
  return true;
}

/** All look-ups that begin with this code. */
function fillEntries(table: usize, code: i32, length: i32, symbol: i32, kind: i32): void {
  const spare = BITS - length;
  const first = code << spare;
  for (let tail = 0; tail < 1 << spare; tail++) {
    store<u32>(table + ((first | tail) << 2), entryOf(length, symbol, kind, tail, spare));
  }
}

/**
 * Bits 0–7: bits to consume, 0 where the value's own bits lie past the look-up (then 8–15 are the
 * code's length and 16–23 its symbol). Bits 8–15: coefficients to go on by, 128 at the block's end. Bits 16–31: value.
 */
function entryOf(length: i32, symbol: i32, kind: i32, tail: i32, spare: i32): u32 {
  if (kind == SYMBOL) return length | (symbol << 8);
  const size = symbol & 15;
  const run = kind == AC ? symbol >> 4 : 0;
  if (size > spare) return (length << 8) | (symbol << 16);
  if (size == 0) {
    const advance = kind == DC || run == 15 ? run + 1 : 128;
    return length | (advance << 8);
  }
  const value = extend(tail >> (spare - size), size);
  return (length + size) | ((run + 1) << 8) | (value << 16);
}

/** T.81, F.2.2.1: the value that so many bits stand for. */
export function extend(bits: i32, size: i32): i32 {
  return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
}

/** Length (bits 8–15) and symbol (16–23) of the code at the front of 16 bits; 0 where it is none. */
export function findCode(table: usize, front: i32): u32 {
  for (let length = 1; length <= 16; length++) {
    const code = front >> (16 - length);
    if (code <= load<i32>(table + MAX_CODE + length * 4)) {
      const index = code + load<i32>(table + OFFSET + length * 4);
      return (length << 8) | ((<u32>load<u8>(table + RAW + 16 + index)) << 16);
    }
  }
  return 0;
}

/** Bit of an entry of the look-up below: a block ends there. */
export const BLOCK_ENDS: u32 = 1 << 15;

/**
 * The look-up for reading past AC coefficients, made when it is first needed, 16 bits each. Bits 0–3: bits
 * of all whole symbols that lie in the index, 0 where there is none; 8–14: coefficients that they go on by.
 */
export function skipLookupOf(table: usize): usize {
  const skip = table + SKIP;
  if (load<i32>(table + HAS_SKIP)) return skip;
  for (let index = 0; index < 1 << SKIP_BITS; index++) {
    store<u16>(skip + ((<usize>index) << 1), skipEntryOf(table, index));
  }
  store<i32>(table + HAS_SKIP, 1);
  return skip;
}

function skipEntryOf(table: usize, index: i32): u32 {
  let bits = 0;
  let advance = 0;
  while (bits < SKIP_BITS) {
    const rest = (index << bits) & ((1 << SKIP_BITS) - 1);
    const entry = load<u32>(table + ((<usize>(rest >> (SKIP_BITS - BITS))) << 2));
    const length = <i32>(entry & 0xff);
    if (length == 0 || bits + length > SKIP_BITS) break;
    const step = <i32>((entry >> 8) & 0xff);
    if (step == 128) return (bits + length) | (advance << 8) | BLOCK_ENDS;
    if (advance + step > 63) break;
    bits += length;
    advance += step;
  }
  return bits | (advance << 8);
}
