import type { Positions, Scale, Size } from '#jpeg';

/** Some of a picture's pixels, row-major, as bytes or scaled to floats: what `out` holds tells. */
export interface Sampling {
  readonly positions: (size: Size) => Positions;
  readonly scale: Scale;
  readonly out: Float32Array | Uint8Array;
}

export interface LibvipsOptions {
  /** The most pixels that are decoded; the header is checked before any work. */
  readonly maxPixels: number;
  /**
   * Decodes nothing by native code, in which a stranger's bytes may find a fault that ends the process:
   * what only libvips decodes is a NeedsLibvipsError.
   */
  readonly withoutLibvips?: boolean | undefined;
}

export interface DecodeOptions extends LibvipsOptions {
  /**
   * `exact`: Pillow's pixels, byte for byte. `fast`: a JPEG at least eight times as large as the target
   * is decoded to the means of its blocks of 8 × 8; CMYK, irregular files and other formats as `exact`.
   */
  readonly mode: 'exact' | 'fast';
  /** Height and width below which `fast` must not go; without it nothing is reduced. */
  readonly target?: readonly [height: number, width: number];
  /** A decoder that can write these pixels alone does so. */
  readonly sample?: Sampling | undefined;
}
