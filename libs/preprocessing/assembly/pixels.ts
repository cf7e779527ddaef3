/** From a row's bytes to the pixels that are asked for. */

/** What becomes of each byte of red, green and blue in the order of the output: bytes, or floats. */
export const tables = memory.data(3 * 256 * 4, 16);

/** Makes one byte of each pixel: of fewer bits as they are, of 16 no more than 255. */
export function unpack(row: usize, width: i32, bitDepth: i32, out: usize): void {
  if (bitDepth == 16) {
    for (let x = 0; x < width; x++, row += 2) {
      store<u8>(out + x, load<u8>(row) == 0 ? load<u8>(row + 1) : 255);
    }
    return;
  }
  const mask = (1 << bitDepth) - 1;
  for (let x = 0, bit = 0; x < width; x++, bit += bitDepth) {
    store<u8>(out + x, ((<i32>load<u8>(row + (bit >> 3))) >> (8 - bitDepth - (bit & 7))) & mask);
  }
}

/** @param columns where in the row each pixel lies, that many; offsets tell where in it its three elements do */
export function gatherBytes(
  row: usize,
  columns: usize,
  count: i32,
  out: usize,
  offset0: i32,
  offset1: i32,
  offset2: i32,
): void {
  const end = columns + 4 * <usize>count;
  for (; columns < end; columns += 4, out += 3) {
    const pixel = row + load<u32>(columns);
    store<u8>(out, load<u8>(tables + load<u8>(pixel + offset0)));
    store<u8>(out + 1, load<u8>(tables + 256 + load<u8>(pixel + offset1)));
    store<u8>(out + 2, load<u8>(tables + 512 + load<u8>(pixel + offset2)));
  }
}

/** As `gatherBytes`. */
export function gatherFloats(
  row: usize,
  columns: usize,
  count: i32,
  out: usize,
  offset0: i32,
  offset1: i32,
  offset2: i32,
): void {
  const end = columns + 4 * <usize>count;
  for (; columns < end; columns += 4, out += 12) {
    const pixel = row + load<u32>(columns);
    store<u32>(out, load<u32>(tables + 4 * <usize>load<u8>(pixel + offset0)));
    store<u32>(out + 4, load<u32>(tables + 1024 + 4 * <usize>load<u8>(pixel + offset1)));
    store<u32>(out + 8, load<u32>(tables + 2048 + 4 * <usize>load<u8>(pixel + offset2)));
  }
}
