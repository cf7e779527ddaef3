import { reserve } from './memory';
import { IRREGULAR, OK } from './status';

/**
 * A scan's entropy-coded data without its stuffed bytes, one piece per restart interval, and the
 * reader's place in it. Reading past a piece's end gives whatever follows; `endsWell` tells it afterwards.
 */
let pieces: usize = 0;
let pieceCount: i32 = 0;
let piece: i32 = 0;

/** Where the marker behind the scan lies in the file. */
export let scanEnd: usize = 0;

/** Unread bits, the next one first, then those of the bytes at `next`. */
export let front: u64 = 0;
export let count: i32 = 0;
export let next: usize = 0;

export function keep(f: u64, c: i32, n: usize): void {
  front = f;
  count = c;
  next = n;
}

/** Reading and writing position while the stuffing is removed. */
let source: usize = 0;
let target: usize = 0;

/**
 * Removes the stuffing from the scan's first byte on.
 *
 * @param most the restart intervals that the scan may have
 */
export function openScan(from: usize, end: usize, most: i32): i32 {
  pieces = reserve(8 * <usize>most);
  pieceCount = 0;
  piece = 0;
  source = from;
  // Not in place: whole vectors are written, and their tails would hide what is still to be read.
  target = reserve(end - from);
  let start = target;
  while (true) {
    copyPlain(end);
    if (source + 1 >= end) return IRREGULAR;
    const code = load<u8>(source + 1);
    if (code == 0) {
      store<u8>(target++, 0xff);
      source += 2;
      continue;
    }
    if (pieceCount == most) return IRREGULAR;
    store<usize>(pieces + 8 * <usize>pieceCount, start);
    store<usize>(pieces + 8 * <usize>pieceCount + 4, target);
    pieceCount++;
    if (code < 0xd0 || code > 0xd7) {
      scanEnd = source;
      return OK;
    }
    if (<i32>(code & 7) != ((pieceCount - 1) & 7)) return IRREGULAR;
    source += 2;
    start = target;
  }
}

/** Moves what lies in front of the next 0xff. */
function copyPlain(end: usize): void {
  let from = source;
  let to = target;
  const flag = i8x16.splat(-1);
  let found = 0;
  while (from + 16 <= end) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    found = i8x16.bitmask(i8x16.eq(bytes, flag));
    if (found) break;
    from += 16;
    to += 16;
  }
  if (found) {
    from += ctz(found);
    to += ctz(found);
  } else {
    while (from < end && load<u8>(from) != 0xff) store<u8>(to++, load<u8>(from++));
  }
  source = from;
  target = to;
}

/** Goes to the next restart interval. */
export function nextPiece(): bool {
  if (piece == pieceCount) return false;
  next = load<usize>(pieces + 8 * <usize>piece);
  front = 0;
  count = 0;
  piece++;
  return true;
}

/** Whether the interval was read up to its last byte, and no further. */
export function endsWell(): bool {
  const end = load<usize>(pieces + 8 * <usize>(piece - 1) + 4);
  const unread = <i32>(end - next) * 8 + count;
  return unread >= 0 && unread < 8;
}

/** Whether no interval is left over. */
export function isRead(): bool {
  return piece == pieceCount;
}

/** The eight bytes at an address, the first one in the highest bits. */
export function bigEndian(at: usize): u64 {
  const bytes = v128.load64_zero(at);
  return v128.extract_lane<u64>(
    i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0),
    0,
  );
}

/** So many bits, at most sixteen; 0 for none. */
export function read(bits: i32): i32 {
  if (bits == 0) return 0;
  if (count < 32) refill();
  const value = <i32>(front >> (64 - bits));
  front <<= bits;
  count -= bits;
  return value;
}

export function refill(): void {
  front |= bigEndian(next) >> count;
  next += (63 - count) >> 3;
  count |= 56;
}
