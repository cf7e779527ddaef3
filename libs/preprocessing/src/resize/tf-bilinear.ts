import { f32, halfPixelPosition, halfPixelScale } from './tf-scale.js';
import type { Window } from './window.js';

/** For each target pixel the source pixels on both sides and the second one's share. */
interface Interpolation {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly lerp: Float32Array;
}

/**
 * TensorFlow's `ResizeBilinear` with half-pixel centres, not antialiased (CPU kernel): float32, each
 * operation rounded, columns first.
 */
export function resizeTfBilinear(source: Window<Uint8Array>, target: Window<Float32Array>): void {
  const { data: from } = source;
  const { data: to } = target;
  const columns = interpolation(source.width, target.width);
  const rows = interpolation(source.height, target.height);
  for (let y = 0; y < target.height; y++) {
    const above = source.offset + rows.lower[y]! * source.stride;
    const below = source.offset + rows.upper[y]! * source.stride;
    const down = rows.lerp[y]!;
    let at = target.offset + y * target.stride;
    for (let x = 0; x < target.width; x++) {
      const left = columns.lower[x]! * 3;
      const right = columns.upper[x]! * 3;
      const across = columns.lerp[x]!;
      for (let channel = 0; channel < 3; channel++) {
        const top = lerp(from[above + left + channel]!, from[above + right + channel]!, across);
        const bottom = lerp(from[below + left + channel]!, from[below + right + channel]!, across);
        to[at++] = lerp(top, bottom, down);
      }
    }
  }
}

function lerp(a: number, b: number, share: number): number {
  return f32(a + f32(f32(b - a) * share));
}

function interpolation(inSize: number, outSize: number): Interpolation {
  const scale = halfPixelScale(inSize, outSize);
  const lower = new Int32Array(outSize);
  const upper = new Int32Array(outSize);
  const share = new Float32Array(outSize);
  for (let i = 0; i < outSize; i++) {
    const position = halfPixelPosition(i, scale);
    const floor = Math.floor(position);
    lower[i] = Math.max(floor, 0);
    upper[i] = Math.min(Math.ceil(position), inSize - 1);
    share[i] = position - floor;
  }
  return { lower, upper, lerp: share };
}
