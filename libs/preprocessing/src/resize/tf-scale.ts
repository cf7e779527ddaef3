/** Rounds to float32: applied after each operation it gives C's float arithmetic exactly. */
export const f32 = Math.fround;

/** TensorFlow's `CalculateResizeScale` (align_corners false): source pixels per target pixel, float32. */
export function halfPixelScale(inSize: number, outSize: number): number {
  return f32(f32(inSize) / f32(outSize));
}

/** TensorFlow's `HalfPixelScaler`: where the centre of target pixel `index` lies, in float32 source pixels. */
export function halfPixelPosition(index: number, scale: number): number {
  return f32(f32(f32(f32(index) + 0.5) * scale) - 0.5);
}
