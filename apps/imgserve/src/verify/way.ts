import {
  decode,
  normalize,
  resize,
  type DecodeMode,
  type Fit,
  type FloatPixels,
  type Pixels,
  type Resample,
  type Scaling,
} from '#preprocessing';
import { halfFromFloat32 } from '#tensor';
import { MAX_PIXELS } from '../images/limits.js';
import { oriented } from './orientation.js';
import { onBackground } from './alpha.js';

/** A value in 0..255 of one channel to what the model is given. */
export type ScaleValue = (value: number, channel: number) => number;

/** How a file becomes a tensor: as a spec has it, or otherwise. */
export interface Way {
  readonly size: readonly [height: number, width: number];
  readonly decode: DecodeMode;
  /** Whether the picture is turned as its EXIF data say. */
  readonly isOriented: boolean;
  /** The gray on which what is transparent is laid; undefined: its colours stay. */
  readonly background: number | undefined;
  readonly resample: Resample;
  readonly fit: Fit;
  readonly scaling: Scaling | ScaleValue;
  readonly isBgr: boolean;
}

/** RGB bytes of the file. @throws DomainErrors of the preprocessing */
export async function decoded(file: Uint8Array, way: Way): Promise<Pixels> {
  const options = { maxPixels: MAX_PIXELS, mode: way.decode, target: way.size };
  const pixels =
    way.background === undefined
      ? await decode(file, options)
      : await onBackground(file, way.background);
  return way.isOriented ? oriented(file, pixels) : pixels;
}

/** Of the size that the model takes; float32 where the resampling gives that. */
export function resized(pixels: Pixels, way: Way): Pixels | FloatPixels {
  return resize(pixels, way);
}

/** The tensor's elements, as `dtype` has them; undefined where the dtype has no such elements. */
export function scaled(
  pixels: Pixels | FloatPixels,
  way: Way,
  dtype: string,
): Float32Array | Uint16Array | Uint8Array | undefined {
  const image = way.isBgr ? { ...pixels, data: reversed(pixels.data) } : pixels;
  if (dtype === 'DT_UINT8') return image.data instanceof Uint8Array ? image.data : undefined;
  if (dtype !== 'DT_FLOAT' && dtype !== 'DT_HALF') return undefined;
  const floats =
    typeof way.scaling === 'function'
      ? Float32Array.from(image.data, valueBy(way.scaling))
      : normalize(image as FloatPixels, way.scaling);
  return dtype === 'DT_HALF' ? halfFromFloat32(floats) : floats;
}

/** Whether two ways give the same pixels at the model's size. */
export function geometryOf({ decode, isOriented, background, resample, fit, size }: Way): string {
  return [decode, isOriented, background, resample, fit, ...size].join();
}

function valueBy(scale: ScaleValue): (value: number, index: number) => number {
  return (value, index) => scale(value, index % 3);
}

function reversed<T extends Uint8Array | Float32Array>(data: T): T {
  const turned = data.slice() as T;
  for (let i = 0; i < data.length; i += 3) {
    turned[i] = data[i + 2]!;
    turned[i + 2] = data[i]!;
  }
  return turned;
}
