import type { JpegHeader } from './header.js';

/** How much smaller the picture is decoded. */
export type Reduction = 1 | 2 | 4 | 8;

/**
 * The largest reduction that keeps both sides at least as long as the target: the rule of Pillow's
 * `JpegImageFile.draft`.
 */
export function reductionFor(
  header: JpegHeader,
  target: readonly [height: number, width: number],
): Reduction {
  const ratio = Math.min(header.width / target[1], header.height / target[0]);
  return ratio >= 8 ? 8 : ratio >= 4 ? 4 : ratio >= 2 ? 2 : 1;
}

/**
 * libvips reduces while it decodes, but is asked for it only through a size to resize to, and
 * resizes again where that size is not the reduced one to the pixel. It is where one side is a
 * multiple of the reduction. So a side that is none is declared longer, to the end of its last
 * block, which is coded anyway; the reduced size stays the same. The side must be one along which
 * chroma is not interpolated, or its last row or column would see what lies beyond the picture.
 */
export function declareWholeBlocks(
  bytes: Uint8Array,
  header: JpegHeader,
  reduction: Reduction,
): { bytes: Uint8Array; width: number; height: number } {
  const { width, height } = header;
  if (width % reduction === 0 || height % reduction === 0) return { bytes, width, height };
  const patched = Buffer.from(bytes);
  const vertical = interpolatesRowsOnly(header);
  const side = vertical ? width : height;
  const whole = Math.ceil(side / reduction) * reduction;
  patched.writeUInt16BE(whole, header.heightOffset + (vertical ? 2 : 0));
  return vertical
    ? { bytes: patched, width: whole, height }
    : { bytes: patched, width, height: whole };
}

/** True where some chroma is coarser down than across (4:4:0): what is left to interpolate is rows. */
function interpolatesRowsOnly({ components }: JpegHeader): boolean {
  const across = Math.max(...components.map((c) => c.horizontal));
  const down = Math.max(...components.map((c) => c.vertical));
  return components.some((c) => down / c.vertical > across / c.horizontal);
}
