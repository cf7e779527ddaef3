import type { Pixels } from '../pixels.js';

/** A resized picture of float32 values in 0..255 (bicubic may overshoot): RGB, row-major HWC. */
export interface FloatPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * A rectangle of an RGB picture, so that crops are read and padded pictures written in place:
 * channel `c` of the pixel in row `y`, column `x` is `data[offset + y * stride + x * 3 + c]`.
 */
export interface Window<T extends Uint8Array | Float32Array> {
  readonly data: T;
  readonly offset: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a whole picture, in pixels; where all four are left out, the whole. */
export function window<T extends Uint8Array | Float32Array>(
  image: { readonly width: number; readonly height: number; readonly data: T },
  left = 0,
  top = 0,
  width = image.width,
  height = image.height,
): Window<T> {
  const stride = image.width * 3;
  return { data: image.data, offset: top * stride + left * 3, stride, width, height };
}

/** Throws a RangeError where `pixels` is not what its type says. */
export function checkPixels({ width, height, data }: Pixels): void {
  if (!isSide(width) || !isSide(height)) {
    throw new RangeError(
      `Expected positive whole numbers for width and height but received ${width} x ${height}`,
    );
  }
  if (data.length !== width * height * 3) {
    throw new RangeError(
      `Expected ${width * height * 3} bytes for ${width} x ${height} pixels but received ${data.length}`,
    );
  }
}

/** Throws a RangeError where the target size is not two positive whole numbers of a sane product. */
export function checkSize([height, width]: readonly [number, number]): void {
  if (!isSide(width) || !isSide(height) || width * height * 3 > MAX_ELEMENTS) {
    throw new RangeError(
      `Expected a target size of positive whole numbers but received ${height} x ${width}`,
    );
  }
}

/** Offsets are computed in int32. */
const MAX_ELEMENTS = 2 ** 31 - 1;

function isSide(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
