import { gather } from './nearest.js';
import { f32, halfPixelScale } from './tf-scale.js';
import type { Window } from './window.js';

/** TensorFlow's `ResizeNearestNeighbor` with half-pixel centres: float32 coordinates, bytes out. */
export function resizeTfNearest(source: Window<Uint8Array>, target: Window<Uint8Array>): void {
  gather(
    source.offset === 0 ? source.data : source.data.subarray(source.offset),
    source.stride,
    positions(source.width, target.width),
    positions(source.height, target.height),
    target,
  );
}

function positions(inSize: number, outSize: number): Int32Array {
  const scale = halfPixelScale(inSize, outSize);
  return Int32Array.from({ length: outSize }, (_, index) =>
    Math.min(Math.floor(f32((index + 0.5) * scale)), inSize - 1),
  );
}
