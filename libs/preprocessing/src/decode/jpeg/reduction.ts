import type { Size } from '#jpeg';

/** What `fast` takes a block of samples for is one pixel, so a picture must be so many times the target. */
const BLOCK = 8;

/** Whether `fast` decodes a picture to the means of its blocks: both sides stay at least the target's. */
export function isReducible({ width, height }: Size, target: readonly [number, number]): boolean {
  return height >= target[0] * BLOCK && width >= target[1] * BLOCK;
}
