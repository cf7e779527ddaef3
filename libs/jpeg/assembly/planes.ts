import { Component, component, components, maxH, maxV, unit } from './frame';
import { SLACK, reserve } from './memory';

/** Samples on their way from blocks to rows: of each component the last two rows of MCUs. */

export function reservePlanes(): void {
  for (let i = 0; i < components; i++) {
    const c = component(i);
    c.stride = c.paddedColumns * unit;
    c.plane = reserve(2 * <usize>(c.v * unit * c.stride) + SLACK);
  }
}

/** Where a component's row of samples is kept. */
export function sampleRow(c: Component, row: i32): usize {
  return c.plane + <usize>((row % (2 * unit * c.v)) * c.stride);
}

/**
 * Marks the blocks that the pixels at these columns and rows are made of.
 *
 * @param columns, rows 32-bit positions in the picture
 */
export function markNeeded(columns: usize, columnCount: i32, rows: usize, rowCount: i32): void {
  for (let i = 0; i < components; i++) {
    const c = component(i);
    c.neededColumns = mark(columns, columnCount, maxH / c.h, c.columns, c.paddedColumns);
    c.neededRows = mark(rows, rowCount, maxV / c.v, c.rows, c.paddedRows);
  }
}

function mark(positions: usize, count: i32, ratio: i32, samples: i32, blocks: i32): usize {
  const flags = reserve(blocks);
  memory.fill(flags, 0, blocks);
  for (let i = 0; i < count; i++) {
    const position = load<i32>(positions + 4 * i);
    const sample = position / ratio;
    flag(flags, sample);
    if (ratio == 2) {
      const other = min(max(sample + (position & 1 ? 1 : -1), 0), samples - 1);
      flag(flags, other);
    }
  }
  return flags;
}

/** Sets the sample's bit in its block's byte. */
function flag(flags: usize, sample: i32): void {
  const at = flags + sample / unit;
  store<u8>(at, (<i32>load<u8>(at)) | (1 << (sample % unit)));
}
