export interface DecodeOptions {
  /** The most pixels that are decoded; the header is checked before any work. */
  readonly maxPixels: number;
  /**
   * `exact`: Pillow's pixels, byte for byte. `fast`: a JPEG at least three times as large as the
   * target is decoded at 1/3, 1/5 or 1/9 of its size, mostly within libjpeg's DCT; CMYK and other
   * formats as `exact`.
   */
  readonly mode: 'exact' | 'fast';
  /** Height and width below which `fast` must not go; without it nothing is reduced. */
  readonly target?: readonly [height: number, width: number];
}
