import { targetFor } from './conversion.js';

/**
 * bfloat16 bits (the upper half of a float32) of each value, rounded to nearest, ties to even; a NaN
 * becomes the quiet NaN of its sign, as in TensorFlow.
 * @param out where to write, as long as `src`; a new array where left out.
 */
export function bfloat16FromFloat32(src: Float32Array, out?: Uint16Array): Uint16Array {
  const target = targetFor(src, out, Uint16Array);
  const bits = new Uint32Array(src.buffer, src.byteOffset, src.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]!;
    target[i] =
      (value & 0x7fffffff) > 0x7f800000
        ? ((value >>> 16) & 0x8000) | 0x7fc0
        : (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
  }
  return target;
}

/** Exact float32 value of each bfloat16. */
export function float32FromBfloat16(src: Uint16Array, out?: Float32Array): Float32Array {
  const target = targetFor(src, out, Float32Array);
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < src.length; i++) {
    bits[i] = src[i]! << 16;
  }
  return target;
}
