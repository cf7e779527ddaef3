/** What one scratch keeps between calls at most; larger needs are met by a buffer of the call's own. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Makes a source of uninitialised bytes that gives the same memory again and again. What it gives is
 * the caller's until it returns to the event loop.
 */
export function createScratch(): (length: number) => Uint8Array {
  let kept = new Uint8Array(0);
  return (length) => {
    if (length > MAX_KEPT_BYTES) return new Uint8Array(length);
    if (kept.length < length) kept = new Uint8Array(length);
    return kept.subarray(0, length);
  };
}
