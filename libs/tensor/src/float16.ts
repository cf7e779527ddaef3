import { targetFor } from './conversion.js';

/**
 * IEEE 754 binary16 bits of each float32, rounded to nearest, ties to even; subnormals, infinities
 * and NaN included. The same bits as numpy's `astype(float16)`.
 * @param out where to write, as long as `src`; a new array where left out.
 */
export function halfFromFloat32(src: Float32Array, out?: Uint16Array): Uint16Array {
  const target = targetFor(src, out, Uint16Array);
  const bits = new Uint32Array(src.buffer, src.byteOffset, src.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]!;
    const sign = (value >>> 16) & 0x8000;
    const magnitude = value & 0x7fffffff;
    let half: number;
    if (magnitude >= 0x47800000) {
      half = magnitude > 0x7f800000 ? nan(magnitude) : 0x7c00;
    } else if (magnitude >= 0x38800000) {
      // Normal: moves the exponent's bias from 127 to 15 and rounds at bit 13. A carry out of the
      // mantissa raises the exponent, up to infinity, as it should.
      half = (magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13;
    } else {
      half = subnormal(magnitude);
    }
    target[i] = sign | half;
  }
  return target;
}

/** Exact float32 value of each binary16; a NaN keeps its payload. */
export function float32FromHalf(src: Uint16Array, out?: Float32Array): Float32Array {
  const target = targetFor(src, out, Float32Array);
  // Through the bits: storing a NaN as a number may change its payload.
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < src.length; i++) {
    const value = src[i]!;
    const sign = (value & 0x8000) << 16;
    let exponent = (value >>> 10) & 0x1f;
    let mantissa = value & 0x3ff;
    if (exponent === 0x1f) {
      exponent = 255;
    } else if (exponent > 0) {
      exponent += 112;
    } else if (mantissa > 0) {
      const shift = Math.clz32(mantissa) - 21;
      mantissa = (mantissa << shift) & 0x3ff;
      exponent = 113 - shift;
    }
    bits[i] = sign | (exponent << 23) | (mantissa << 13);
  }
  return target;
}

/** Below 2^-14: the mantissa with its hidden bit, shifted to units of 2^-24. */
function subnormal(magnitude: number): number {
  const shift = 126 - (magnitude >>> 23);
  if (shift > 24) {
    return 0;
  }
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const half = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return rest > tie || (rest === tie && (half & 1) === 1) ? half + 1 : half;
}

/** Keeps the upper payload bits; a payload that would vanish must not turn into infinity. */
function nan(magnitude: number): number {
  const half = 0x7c00 | ((magnitude >>> 13) & 0x3ff);
  return half === 0x7c00 ? 0x7c01 : half;
}
