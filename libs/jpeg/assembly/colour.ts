/** Rows of planes to rows of four bytes a pixel: red, green, blue and one that means nothing. */

/** libjpeg's `ycc_rgb_convert` (`jdcolor.c`): BT.601 in fixed point of 16 bits. */
export function fromYcc(y: usize, cb: usize, cr: usize, columns: i32, to: usize): void {
  const centre = i16x8.splat(128);
  for (let x: usize = 0; x < <usize>columns; x += 8, to += 32) {
    const luma = v128.load8x8_u(y + x);
    const blue = i16x8.sub(v128.load8x8_u(cb + x), centre);
    const red = i16x8.sub(v128.load8x8_u(cr + x), centre);
    const r = i16x8.add(i16x8.add(luma, red), weighted(red, i16x8.splat(2), 26345, 16384));
    const b = i16x8.add(
      i16x8.add(luma, i16x8.shl(blue, 1)),
      weighted(blue, i16x8.splat(2), -14942, 16384),
    );
    const g = i16x8.add(i16x8.sub(luma, red), weightedRounded(blue, red, -22554, 18734));
    storePixels(i8x16.narrow_i16x8_u(r, g), i8x16.narrow_i16x8_u(b, b), to);
  }
}

/** `(a * p + b * q) >> 16` */
function weighted(a: v128, b: v128, p: i32, q: i32): v128 {
  const factors = i32x4.splat((p & 0xffff) | (q << 16));
  const low = i32x4.dot_i16x8_s(i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11), factors);
  const high = i32x4.dot_i16x8_s(i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15), factors);
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, 16), i32x4.shr_s(high, 16));
}

/** `(a * p + b * q + 0.5) >> 16` */
function weightedRounded(a: v128, b: v128, p: i32, q: i32): v128 {
  const factors = i32x4.splat((p & 0xffff) | (q << 16));
  const half = i32x4.splat(32768);
  const low = i32x4.dot_i16x8_s(i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11), factors);
  const high = i32x4.dot_i16x8_s(i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15), factors);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, half), 16),
    i32x4.shr_s(i32x4.add(high, half), 16),
  );
}

export function fromRgb(r: usize, g: usize, b: usize, columns: i32, to: usize): void {
  for (let x: usize = 0; x < <usize>columns; x += 8, to += 32) {
    const green = i64x2.shuffle(v128.load64_zero(r + x), v128.load64_zero(g + x), 0, 2);
    storePixels(green, v128.load64_zero(b + x), to);
  }
}

export function fromGray(y: usize, columns: i32, to: usize): void {
  fromRgb(y, y, y, columns, to);
}

/** Eight pixels; red in the lower half of the first vector, green in the upper one. */
function storePixels(redGreen: v128, blue: v128, to: usize): void {
  v128.store(
    to,
    i8x16.shuffle(redGreen, blue, 0, 8, 16, 16, 1, 9, 17, 17, 2, 10, 18, 18, 3, 11, 19, 19),
    0,
  );
  v128.store(
    to,
    i8x16.shuffle(redGreen, blue, 4, 12, 20, 20, 5, 13, 21, 21, 6, 14, 22, 22, 7, 15, 23, 23),
    16,
  );
}
