import { readHeader } from './header.js';

/** Half a millisecond for a quarter of a megapixel, which is about what handing it to a thread and back costs. */
const MAX_PIXELS = 1 << 18;

/** Whether this JPEG is decoded in about the time that it takes to ask somebody else. */
export function isQuickJpeg(bytes: Uint8Array): boolean {
  try {
    const { width, height, components } = readHeader(bytes);
    return components !== 4 && width * height <= MAX_PIXELS;
  } catch {
    // It is refused as soon as it is tried.
    return true;
  }
}
