/**
 * By zigzag position where a 16-bit coefficient lies in a block of natural order (T.81, figure A.6),
 * in bytes. Positions past the last one lead behind the block.
 */
export const OFFSETS = memory.data(256, 16);

export const BLOCK_BYTES: i32 = 128;

export function fillZigzag(): void {
  let row = 0;
  let column = 0;
  for (let k = 0; k < 64; k++) {
    store<u8>(OFFSETS + k, (row * 8 + column) * 2);
    // Up and to the right on even diagonals, down and to the left on odd ones.
    if ((row + column) & 1) {
      if (row == 7) column++;
      else (row++, column && column--);
    } else {
      if (column == 7) row++;
      else (column++, row && row--);
    }
  }
  memory.fill(OFFSETS + 64, <u8>BLOCK_BYTES, 192);
}
