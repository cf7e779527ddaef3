import type { JpegHeader } from './header.js';

/** Height and width to which a JPEG is reduced while it is decoded. */
export interface Reduced {
  readonly width: number;
  readonly height: number;
}

/**
 * The size that `fast` decodes to, or undefined where nothing is gained. libvips lets libjpeg's
 * inverse DCT reduce by 8, 4 or 2 only where at least one more than that is asked for in all, so the
 * picture is reduced by 9, 5 or 3: most of it within the DCT, the rest by a cubic kernel.
 * Both sides stay at least as long as the target.
 */
export function reducedSize(
  { width, height }: JpegHeader,
  target: readonly [height: number, width: number],
): Reduced | undefined {
  const ratio = Math.min(width / target[1], height / target[0]);
  const reduction = [9, 5, 3].find((candidate) => ratio >= candidate);
  if (reduction === undefined) return undefined;
  return { width: Math.floor(width / reduction), height: Math.floor(height / reduction) };
}
