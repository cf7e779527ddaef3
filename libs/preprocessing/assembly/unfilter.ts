/** The filters of a PNG's rows, undone in place. Behind every row there are bytes that may be read. */

/** @param step bytes of a pixel: 1, 2, 3, 4, 6 or 8 */
export function unfilter(kind: i32, row: usize, above: usize, length: i32, step: i32): void {
  if (kind == 2) {
    up(row, above, length);
  } else if (kind != 0) {
    if (step < 3) narrow(kind, row, above, length, step);
    else if (step <= 4) wide<u32>(kind, row, above, length, step);
    else wide<u64>(kind, row, above, length, step);
  }
}

function up(row: usize, above: usize, length: i32): void {
  const end = row + length;
  for (; row + 16 <= end; row += 16, above += 16) {
    v128.store(row, i8x16.add(v128.load(row), v128.load(above)));
  }
  for (; row < end; row++, above++) store<u8>(row, load<u8>(row) + load<u8>(above));
}

/** Whole pixels at a time, of up to as many bytes as T has. */
function wide<T>(kind: i32, row: usize, above: usize, length: i32, step: i32): void {
  const end = row + length;
  // The last pixel is written with what lies behind it.
  const behind = load<T>(end);
  if (kind == 1) sub<T>(row, end, step);
  else if (kind == 3) average<T>(row, end, above, step);
  else paeth<T>(row, end, above, step);
  store<T>(end, behind);
}

function loadPixel<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load64_zero(at) : v128.load32_zero(at);
}

function storePixel<T>(at: usize, pixel: v128): void {
  if (sizeof<T>() == 8) v128.store64_lane(at, pixel, 0);
  else v128.store32_lane(at, pixel, 0);
}

function sub<T>(row: usize, end: usize, step: i32): void {
  let left = i8x16.splat(0);
  let pixel = loadPixel<T>(row);
  while (row < end) {
    // Before it is overwritten.
    const next = loadPixel<T>(row + step);
    left = i8x16.add(pixel, left);
    storePixel<T>(row, left);
    pixel = next;
    row += step;
  }
}

function average<T>(row: usize, end: usize, above: usize, step: i32): void {
  const one = i8x16.splat(1);
  let left = i8x16.splat(0);
  let pixel = loadPixel<T>(row);
  while (row < end) {
    const next = loadPixel<T>(row + step);
    const over = loadPixel<T>(above);
    // The instruction rounds up.
    const mean = i8x16.sub(i8x16.avgr_u(left, over), v128.and(v128.xor(left, over), one));
    left = i8x16.add(pixel, mean);
    storePixel<T>(row, left);
    pixel = next;
    row += step;
    above += step;
  }
}

function paeth<T>(row: usize, end: usize, above: usize, step: i32): void {
  const low = i16x8.splat(0xff);
  let left = i16x8.splat(0);
  let corner = i16x8.splat(0);
  let pixel = i16x8.extend_low_i8x16_u(loadPixel<T>(row));
  while (row < end) {
    const next = i16x8.extend_low_i8x16_u(loadPixel<T>(row + step));
    const over = i16x8.extend_low_i8x16_u(loadPixel<T>(above));
    const forLeft = i16x8.sub(over, corner);
    const forOver = i16x8.sub(left, corner);
    const toLeft = i16x8.abs(forLeft);
    const toOver = i16x8.abs(forOver);
    const toCorner = i16x8.abs(i16x8.add(forLeft, forOver));
    const other = v128.bitselect(corner, over, i16x8.lt_s(toCorner, toOver));
    const isOther = i16x8.lt_s(i16x8.min_s(toCorner, toOver), toLeft);
    const nearest = v128.bitselect(other, left, isOther);
    left = v128.and(i16x8.add(pixel, nearest), low);
    storePixel<T>(row, i8x16.narrow_i16x8_u(left, left));
    corner = over;
    pixel = next;
    row += step;
    above += step;
  }
}

/** One byte at a time: the pixel before is needed too soon. */
function narrow(kind: i32, row: usize, above: usize, length: i32, step: i32): void {
  for (let i = 0; i < length; i++) {
    const isFirst = i < step;
    const left: i32 = isFirst ? 0 : load<u8>(row + i - step);
    const over: i32 = kind == 1 ? 0 : load<u8>(above + i);
    let guess = left;
    if (kind == 3) guess = (left + over) >> 1;
    else if (kind == 4) guess = nearest(left, over, isFirst ? 0 : load<u8>(above + i - step));
    store<u8>(row + i, load<u8>(row + i) + guess);
  }
}

function nearest(left: i32, over: i32, corner: i32): i32 {
  const toLeft = abs(over - corner);
  const toOver = abs(left - corner);
  const toCorner = abs(left + over - 2 * corner);
  const other = select(corner, over, toCorner < toOver);
  return select(other, left, min(toCorner, toOver) < toLeft);
}
