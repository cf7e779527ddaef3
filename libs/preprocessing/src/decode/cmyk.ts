/** `a * b / 255`, rounded, in integers: Pillow's MULDIV255. */
function multiply(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/**
 * CMYK (0 = no ink) to RGB as Pillow's `cmyk2rgb`: each channel is what the black leaves,
 * less the ink's share of it.
 * @param step bytes from one pixel to the next in `cmyk`
 */
export function cmykToRgb(
  cmyk: Uint8Array,
  rgb: Uint8Array,
  pixels: number,
  step = 4,
  target = 0,
): void {
  for (let from = 0, to = target, i = 0; i < pixels; i++, from += step, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    rgb[to] = light - multiply(cmyk[from]!, light);
    rgb[to + 1] = light - multiply(cmyk[from + 1]!, light);
    rgb[to + 2] = light - multiply(cmyk[from + 2]!, light);
  }
}
