/**
 * Inverse DCT of libjpeg's "accurate integer method" (`jidctint.c`: Loeffler, Ligtenberg and
 * Moschytz 1989, constants of 13 bits). Sums of inputs wrap at 16 bits and results are limited to
 * them, as in libjpeg-turbo's vector code: what no encoder writes comes out the same, too.
 */

const scratch = memory.data(128, 16);

/** Pairs for `dot`: the first factor for the even lanes, the second for the odd ones. */
function pair(a: i32, b: i32): v128 {
  return i32x4.splat((a & 0xffff) | (b << 16));
}

/** Descaled sum and difference of four columns each, as eight. */
function narrow(low: v128, high: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift));
}

/** One dimension of eight columns: rows at `from`, 16 bytes each, to `scratch`. */
function pass(
  r0: v128,
  r1: v128,
  r2: v128,
  r3: v128,
  r4: v128,
  r5: v128,
  r6: v128,
  r7: v128,
  shift: i32,
  rounding: i32,
  to: usize,
): void {
  const round = i32x4.splat(rounding);
  const sum = i16x8.add(r0, r4);
  const difference = i16x8.sub(r0, r4);
  const low26 = i16x8.shuffle(r2, r6, 0, 8, 1, 9, 2, 10, 3, 11);
  const low2 = i32x4.dot_i16x8_s(low26, pair(4433, -10704));
  const low3 = i32x4.dot_i16x8_s(low26, pair(10703, 4433));
  const lowSum = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(sum), 13), round);
  const lowDifference = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(difference), 13), round);
  const lowEven0 = i32x4.add(lowSum, low3);
  const lowEven3 = i32x4.sub(lowSum, low3);
  const lowEven1 = i32x4.add(lowDifference, low2);
  const lowEven2 = i32x4.sub(lowDifference, low2);
  const high26 = i16x8.shuffle(r2, r6, 4, 12, 5, 13, 6, 14, 7, 15);
  const high2 = i32x4.dot_i16x8_s(high26, pair(4433, -10704));
  const high3 = i32x4.dot_i16x8_s(high26, pair(10703, 4433));
  const highSum = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(sum), 13), round);
  const highDifference = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(difference), 13), round);
  const highEven0 = i32x4.add(highSum, high3);
  const highEven3 = i32x4.sub(highSum, high3);
  const highEven1 = i32x4.add(highDifference, high2);
  const highEven2 = i32x4.sub(highDifference, high2);

  const z3 = i16x8.add(r7, r3);
  const z4 = i16x8.add(r5, r1);
  const lowZ = i16x8.shuffle(z3, z4, 0, 8, 1, 9, 2, 10, 3, 11);
  const lowZ3 = i32x4.dot_i16x8_s(lowZ, pair(-6436, 9633));
  const lowZ4 = i32x4.dot_i16x8_s(lowZ, pair(9633, 6437));
  const low17 = i16x8.shuffle(r1, r7, 0, 8, 1, 9, 2, 10, 3, 11);
  const low35 = i16x8.shuffle(r3, r5, 0, 8, 1, 9, 2, 10, 3, 11);
  const lowOdd0 = i32x4.add(i32x4.dot_i16x8_s(low17, pair(4926, -7373)), lowZ4);
  const lowOdd1 = i32x4.add(i32x4.dot_i16x8_s(low35, pair(4177, -20995)), lowZ3);
  const lowOdd2 = i32x4.add(i32x4.dot_i16x8_s(low35, pair(-20995, -4176)), lowZ4);
  const lowOdd3 = i32x4.add(i32x4.dot_i16x8_s(low17, pair(-7373, -4927)), lowZ3);
  const highZ = i16x8.shuffle(z3, z4, 4, 12, 5, 13, 6, 14, 7, 15);
  const highZ3 = i32x4.dot_i16x8_s(highZ, pair(-6436, 9633));
  const highZ4 = i32x4.dot_i16x8_s(highZ, pair(9633, 6437));
  const high17 = i16x8.shuffle(r1, r7, 4, 12, 5, 13, 6, 14, 7, 15);
  const high35 = i16x8.shuffle(r3, r5, 4, 12, 5, 13, 6, 14, 7, 15);
  const highOdd0 = i32x4.add(i32x4.dot_i16x8_s(high17, pair(4926, -7373)), highZ4);
  const highOdd1 = i32x4.add(i32x4.dot_i16x8_s(high35, pair(4177, -20995)), highZ3);
  const highOdd2 = i32x4.add(i32x4.dot_i16x8_s(high35, pair(-20995, -4176)), highZ4);
  const highOdd3 = i32x4.add(i32x4.dot_i16x8_s(high17, pair(-7373, -4927)), highZ3);

  v128.store(to, narrow(i32x4.add(lowEven0, lowOdd0), i32x4.add(highEven0, highOdd0), shift), 0);
  v128.store(to, narrow(i32x4.sub(lowEven0, lowOdd0), i32x4.sub(highEven0, highOdd0), shift), 112);
  v128.store(to, narrow(i32x4.add(lowEven1, lowOdd1), i32x4.add(highEven1, highOdd1), shift), 16);
  v128.store(to, narrow(i32x4.sub(lowEven1, lowOdd1), i32x4.sub(highEven1, highOdd1), shift), 96);
  v128.store(to, narrow(i32x4.add(lowEven2, lowOdd2), i32x4.add(highEven2, highOdd2), shift), 32);
  v128.store(to, narrow(i32x4.sub(lowEven2, lowOdd2), i32x4.sub(highEven2, highOdd2), shift), 80);
  v128.store(to, narrow(i32x4.add(lowEven3, lowOdd3), i32x4.add(highEven3, highOdd3), shift), 48);
  v128.store(to, narrow(i32x4.sub(lowEven3, lowOdd3), i32x4.sub(highEven3, highOdd3), shift), 64);
}

/** Swaps rows and columns of the block in `scratch`, and transforms again. */
function secondPass(): void {
  const r0 = v128.load(scratch, 0);
  const r1 = v128.load(scratch, 16);
  const r2 = v128.load(scratch, 32);
  const r3 = v128.load(scratch, 48);
  const r4 = v128.load(scratch, 64);
  const r5 = v128.load(scratch, 80);
  const r6 = v128.load(scratch, 96);
  const r7 = v128.load(scratch, 112);
  const a0 = i16x8.shuffle(r0, r1, 0, 8, 1, 9, 2, 10, 3, 11);
  const a1 = i16x8.shuffle(r0, r1, 4, 12, 5, 13, 6, 14, 7, 15);
  const a2 = i16x8.shuffle(r2, r3, 0, 8, 1, 9, 2, 10, 3, 11);
  const a3 = i16x8.shuffle(r2, r3, 4, 12, 5, 13, 6, 14, 7, 15);
  const a4 = i16x8.shuffle(r4, r5, 0, 8, 1, 9, 2, 10, 3, 11);
  const a5 = i16x8.shuffle(r4, r5, 4, 12, 5, 13, 6, 14, 7, 15);
  const a6 = i16x8.shuffle(r6, r7, 0, 8, 1, 9, 2, 10, 3, 11);
  const a7 = i16x8.shuffle(r6, r7, 4, 12, 5, 13, 6, 14, 7, 15);
  const b0 = i32x4.shuffle(a0, a2, 0, 4, 1, 5);
  const b1 = i32x4.shuffle(a0, a2, 2, 6, 3, 7);
  const b2 = i32x4.shuffle(a1, a3, 0, 4, 1, 5);
  const b3 = i32x4.shuffle(a1, a3, 2, 6, 3, 7);
  const b4 = i32x4.shuffle(a4, a6, 0, 4, 1, 5);
  const b5 = i32x4.shuffle(a4, a6, 2, 6, 3, 7);
  const b6 = i32x4.shuffle(a5, a7, 0, 4, 1, 5);
  const b7 = i32x4.shuffle(a5, a7, 2, 6, 3, 7);
  pass(
    i64x2.shuffle(b0, b4, 0, 2),
    i64x2.shuffle(b0, b4, 1, 3),
    i64x2.shuffle(b1, b5, 0, 2),
    i64x2.shuffle(b1, b5, 1, 3),
    i64x2.shuffle(b2, b6, 0, 2),
    i64x2.shuffle(b2, b6, 1, 3),
    i64x2.shuffle(b3, b7, 0, 2),
    i64x2.shuffle(b3, b7, 1, 3),
    18,
    (1 << 17) + (128 << 18),
    scratch,
  );
}

/**
 * One block of coefficients (8 × 8, 16 bits, natural order) times its quantization table as 8 × 8
 * samples of 0–255, rows `stride` bytes apart.
 */
export function inverse(block: usize, quant: usize, to: usize, stride: usize): void {
  pass(
    i16x8.mul(v128.load(block, 0), v128.load(quant, 0)),
    i16x8.mul(v128.load(block, 16), v128.load(quant, 16)),
    i16x8.mul(v128.load(block, 32), v128.load(quant, 32)),
    i16x8.mul(v128.load(block, 48), v128.load(quant, 48)),
    i16x8.mul(v128.load(block, 64), v128.load(quant, 64)),
    i16x8.mul(v128.load(block, 80), v128.load(quant, 80)),
    i16x8.mul(v128.load(block, 96), v128.load(quant, 96)),
    i16x8.mul(v128.load(block, 112), v128.load(quant, 112)),
    11,
    1 << 10,
    scratch,
  );
  secondPass();
  // What is in scratch now are the samples' columns.
  const c01 = i8x16.narrow_i16x8_u(v128.load(scratch, 0), v128.load(scratch, 16));
  const c23 = i8x16.narrow_i16x8_u(v128.load(scratch, 32), v128.load(scratch, 48));
  const c45 = i8x16.narrow_i16x8_u(v128.load(scratch, 64), v128.load(scratch, 80));
  const c67 = i8x16.narrow_i16x8_u(v128.load(scratch, 96), v128.load(scratch, 112));
  const p01 = i8x16.shuffle(c01, c01, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const p23 = i8x16.shuffle(c23, c23, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const p45 = i8x16.shuffle(c45, c45, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const p67 = i8x16.shuffle(c67, c67, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const left0 = i16x8.shuffle(p01, p23, 0, 8, 1, 9, 2, 10, 3, 11);
  const left4 = i16x8.shuffle(p01, p23, 4, 12, 5, 13, 6, 14, 7, 15);
  const right0 = i16x8.shuffle(p45, p67, 0, 8, 1, 9, 2, 10, 3, 11);
  const right4 = i16x8.shuffle(p45, p67, 4, 12, 5, 13, 6, 14, 7, 15);
  storeRows(i32x4.shuffle(left0, right0, 0, 4, 1, 5), to, stride);
  storeRows(i32x4.shuffle(left0, right0, 2, 6, 3, 7), to + 2 * stride, stride);
  storeRows(i32x4.shuffle(left4, right4, 0, 4, 1, 5), to + 4 * stride, stride);
  storeRows(i32x4.shuffle(left4, right4, 2, 6, 3, 7), to + 6 * stride, stride);
}

function storeRows(rows: v128, to: usize, stride: usize): void {
  v128.store_lane<i64>(to, rows, 0);
  v128.store_lane<i64>(to + stride, rows, 1);
}

/** The mean of a block's samples. */
export function meanOf(dc: i32): i32 {
  return min(max(((<i32>(<i16>(dc << 2)) + 16) >> 5) + 128, 0), 255);
}

/** As `inverse` of a block that is DC alone. */
export function inverseFlat(dc: i32, to: usize, stride: usize): void {
  const row = <u64>meanOf(dc) * 0x0101010101010101;
  for (let y = 0; y < 8; y++, to += stride) store<u64>(to, row);
}

/** Inputs up to this size never wrap, so that sums may be taken in any order. */
const MAX_PLAIN: i16 = 16383;

/** What each input adds to each output of one dimension, for pairs of inputs: by output, and by pair. */
const byOutput = memory.data(128, 16);
const byPair = memory.data(128, 16);

export function fillWeights(): void {
  // Outputs 0 to 3; 7 to 4 are the same but for the sign of the odd inputs.
  const even: StaticArray<i32> = [
    8192, 10703, 8192, 4433, 8192, 4433, -8192, -10704, 8192, -4433, -8192, 10704, 8192, -10703,
    8192, -4433,
  ];
  const odd: StaticArray<i32> = [
    11363, 9633, 6437, 2260, 9633, -2259, -11362, -6436, 6437, -11362, 2261, 9633, 2260, -6436,
    9633, -11363,
  ];
  for (let output = 0; output < 8; output++) {
    const mirrored = output < 4 ? output : 7 - output;
    for (let p = 0; p < 4; p++) {
      const first = even[mirrored * 4 + p];
      const second = output < 4 ? odd[mirrored * 4 + p] : -odd[mirrored * 4 + p];
      const weights = (first & 0xffff) | (second << 16);
      store<i32>(byOutput + output * 16 + p * 4, weights);
      store<i32>(byPair + p * 32 + output * 4, weights);
    }
  }
}

/** As `inverse`, of the rows alone whose bits are set in `rows`; the others are left as they are. */
export function inverseRows(block: usize, quant: usize, rows: i32, to: usize, stride: usize): void {
  const r0 = i16x8.mul(v128.load(block, 0), v128.load(quant, 0));
  const r1 = i16x8.mul(v128.load(block, 16), v128.load(quant, 16));
  const r2 = i16x8.mul(v128.load(block, 32), v128.load(quant, 32));
  const r3 = i16x8.mul(v128.load(block, 48), v128.load(quant, 48));
  const r4 = i16x8.mul(v128.load(block, 64), v128.load(quant, 64));
  const r5 = i16x8.mul(v128.load(block, 80), v128.load(quant, 80));
  const r6 = i16x8.mul(v128.load(block, 96), v128.load(quant, 96));
  const r7 = i16x8.mul(v128.load(block, 112), v128.load(quant, 112));
  const largest = i16x8.max_u(
    i16x8.max_u(
      i16x8.max_u(i16x8.abs(r0), i16x8.abs(r1)),
      i16x8.max_u(i16x8.abs(r2), i16x8.abs(r3)),
    ),
    i16x8.max_u(
      i16x8.max_u(i16x8.abs(r4), i16x8.abs(r5)),
      i16x8.max_u(i16x8.abs(r6), i16x8.abs(r7)),
    ),
  );
  if (v128.any_true(i16x8.gt_u(largest, i16x8.splat(MAX_PLAIN)))) {
    inverse(block, quant, to, stride);
    return;
  }
  const low01 = i16x8.shuffle(r0, r1, 0, 8, 1, 9, 2, 10, 3, 11);
  const high01 = i16x8.shuffle(r0, r1, 4, 12, 5, 13, 6, 14, 7, 15);
  const low23 = i16x8.shuffle(r2, r3, 0, 8, 1, 9, 2, 10, 3, 11);
  const high23 = i16x8.shuffle(r2, r3, 4, 12, 5, 13, 6, 14, 7, 15);
  const low45 = i16x8.shuffle(r4, r5, 0, 8, 1, 9, 2, 10, 3, 11);
  const high45 = i16x8.shuffle(r4, r5, 4, 12, 5, 13, 6, 14, 7, 15);
  const low67 = i16x8.shuffle(r6, r7, 0, 8, 1, 9, 2, 10, 3, 11);
  const high67 = i16x8.shuffle(r6, r7, 4, 12, 5, 13, 6, 14, 7, 15);
  for (let left = rows; left != 0; left = left & (left - 1)) {
    const row = ctz(left);
    const weights = byOutput + row * 16;
    const w01 = v128.load32_splat(weights, 0);
    const w23 = v128.load32_splat(weights, 4);
    const w45 = v128.load32_splat(weights, 8);
    const w67 = v128.load32_splat(weights, 12);
    const columns = narrow(
      sumOf(low01, w01, low23, w23, low45, w45, low67, w67, 1 << 10),
      sumOf(high01, w01, high23, w23, high45, w45, high67, w67, 1 << 10),
      11,
    );
    if (v128.any_true(i16x8.gt_u(i16x8.abs(columns), i16x8.splat(MAX_PLAIN)))) {
      inverse(block, quant, to, stride);
      return;
    }
    const c01 = i32x4.shuffle(columns, columns, 0, 0, 0, 0);
    const c23 = i32x4.shuffle(columns, columns, 1, 1, 1, 1);
    const c45 = i32x4.shuffle(columns, columns, 2, 2, 2, 2);
    const c67 = i32x4.shuffle(columns, columns, 3, 3, 3, 3);
    const samples = narrow(
      sumOf(
        c01,
        v128.load(byPair, 0),
        c23,
        v128.load(byPair, 32),
        c45,
        v128.load(byPair, 64),
        c67,
        v128.load(byPair, 96),
        (1 << 17) + (128 << 18),
      ),
      sumOf(
        c01,
        v128.load(byPair, 16),
        c23,
        v128.load(byPair, 48),
        c45,
        v128.load(byPair, 80),
        c67,
        v128.load(byPair, 112),
        (1 << 17) + (128 << 18),
      ),
      18,
    );
    v128.store_lane<i64>(to + <usize>row * stride, i8x16.narrow_i16x8_u(samples, samples), 0);
  }
}

/** Four sums of four products of pairs. */
function sumOf(
  a: v128,
  aWeights: v128,
  b: v128,
  bWeights: v128,
  c: v128,
  cWeights: v128,
  d: v128,
  dWeights: v128,
  rounding: i32,
): v128 {
  return i32x4.add(
    i32x4.add(
      i32x4.add(i32x4.dot_i16x8_s(a, aWeights), i32x4.dot_i16x8_s(b, bWeights)),
      i32x4.add(i32x4.dot_i16x8_s(c, cWeights), i32x4.dot_i16x8_s(d, dWeights)),
    ),
    i32x4.splat(rounding),
  );
}
