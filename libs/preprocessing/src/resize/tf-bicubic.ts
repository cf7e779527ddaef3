import { roundHalfToEven } from './rounding.js';
import { f32, halfPixelPosition, halfPixelScale } from './tf-scale.js';
import type { Window } from './window.js';

/** Four source pixels and their weights for each target pixel: entries `4 * i` to `4 * i + 3`. */
interface Taps {
  readonly indices: Int32Array;
  readonly weights: Float32Array;
}

/** Keys' cubic kernel (1981, a = -0.5) at 0..1 and at 1..2, in steps of 1/1024, float32. */
const STEPS = 1024;
const near = new Float32Array(STEPS + 1);
const far = new Float32Array(STEPS + 1);
for (let i = 0; i <= STEPS; i++) {
  const x = i / STEPS;
  near[i] = (1.5 * x - 2.5) * x * x + 1;
  far[i] = ((-0.5 * (x + 1) + 2.5) * (x + 1) - 4) * (x + 1) + 2;
}

/**
 * TensorFlow's `ResizeBicubic` with half-pixel centres, not antialiased (CPU kernel): the kernel's
 * table above, pixels outside the picture weigh nothing and the others share their weight; float32,
 * each operation rounded, the four rows first.
 */
export function resizeTfBicubic(source: Window<Uint8Array>, target: Window<Float32Array>): void {
  const { data: from, stride } = source;
  const { data: to } = target;
  const columns = taps(source.width, target.width);
  const rows = taps(source.height, target.height);
  const used = elements(columns.indices, source.width);
  const line = new Float32Array(source.width * 3);
  for (let y = 0; y < target.height; y++) {
    mixRows(from, source.offset, stride, rows, y, used, line);
    let at = target.offset + y * target.stride;
    for (let x = 0; x < target.width * 4; x += 4) {
      const i0 = columns.indices[x]! * 3;
      const i1 = columns.indices[x + 1]! * 3;
      const i2 = columns.indices[x + 2]! * 3;
      const i3 = columns.indices[x + 3]! * 3;
      const w0 = columns.weights[x]!;
      const w1 = columns.weights[x + 1]!;
      const w2 = columns.weights[x + 2]!;
      const w3 = columns.weights[x + 3]!;
      for (let channel = 0; channel < 3; channel++) {
        const first = f32(line[i0 + channel]! * w0);
        const second = f32(line[i1 + channel]! * w1);
        const third = f32(line[i2 + channel]! * w2);
        const fourth = f32(line[i3 + channel]! * w3);
        to[at++] = f32(f32(f32(first + second) + third) + fourth);
      }
    }
  }
}

/** The weighted sum of four rows, at those elements that the columns need. */
function mixRows(
  from: Uint8Array,
  offset: number,
  stride: number,
  rows: Taps,
  y: number,
  used: Int32Array,
  line: Float32Array,
): void {
  const row0 = offset + rows.indices[y * 4]! * stride;
  const row1 = offset + rows.indices[y * 4 + 1]! * stride;
  const row2 = offset + rows.indices[y * 4 + 2]! * stride;
  const row3 = offset + rows.indices[y * 4 + 3]! * stride;
  const w0 = rows.weights[y * 4]!;
  const w1 = rows.weights[y * 4 + 1]!;
  const w2 = rows.weights[y * 4 + 2]!;
  const w3 = rows.weights[y * 4 + 3]!;
  for (let i = 0; i < used.length; i++) {
    const x = used[i]!;
    const first = f32(from[row0 + x]! * w0);
    const second = f32(from[row1 + x]! * w1);
    const third = f32(from[row2 + x]! * w2);
    const fourth = f32(from[row3 + x]! * w3);
    line[x] = f32(f32(f32(first + second) + third) + fourth);
  }
}

function taps(inSize: number, outSize: number): Taps {
  const scale = halfPixelScale(inSize, outSize);
  const indices = new Int32Array(outSize * 4);
  const weights = new Float32Array(outSize * 4);
  for (let i = 0; i < outSize; i++) {
    const position = halfPixelPosition(i, scale);
    const floor = Math.floor(position);
    const step = roundHalfToEven((position - floor) * STEPS);
    weights.set([far[step]!, near[step]!, near[STEPS - step]!, far[STEPS - step]!], i * 4);
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      const wanted = floor + k - 1;
      const index = Math.min(Math.max(wanted, 0), inSize - 1);
      if (index !== wanted) weights[i * 4 + k] = 0;
      indices[i * 4 + k] = index;
      sum = f32(sum + weights[i * 4 + k]!);
    }
    const share = f32(1 / sum);
    for (let k = i * 4; k < i * 4 + 4; k++) weights[k] = weights[k]! * share;
  }
  return { indices, weights };
}

/** The elements (column times 3, plus channel) of a row that any target pixel reads, ascending. */
function elements(indices: Int32Array, width: number): Int32Array {
  const isUsed = new Uint8Array(width);
  for (const index of indices) isUsed[index] = 1;
  const used: number[] = [];
  for (let x = 0; x < width; x++) {
    if (isUsed[x] === 1) used.push(x * 3, x * 3 + 1, x * 3 + 2);
  }
  return Int32Array.from(used);
}
