import { ImageTooLargeError, UndecodableImageError } from '../errors.js';

/** Checks a header's size before anything is allocated for it. */
export function checkSize(width: number, height: number, maxPixels: number): void {
  if (width < 1 || height < 1) throw new UndecodableImageError('The image has no pixels.');
  if (width * height > maxPixels) throw new ImageTooLargeError(width, height, maxPixels);
}
