/** Bytes that may be read or written past the end of a buffer by whole vectors. */
export const SLACK: usize = 64;

let top: usize = 0;

/** Forgets all that was reserved: a picture's buffers live until the next one's. */
export function reset(): void {
  top = (__heap_base + 15) & ~15;
}

/** So many uninitialised bytes, aligned to 16, with slack in front and behind. */
export function reserve(bytes: usize): usize {
  const start = top + SLACK;
  top = (start + bytes + SLACK + 15) & ~15;
  const missing = <i32>((top + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return start;
}
