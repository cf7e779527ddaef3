/**
 * Resampling kernels. Plain names are Pillow's `Image.Resampling`; names with `tf-` are
 * `tf.image.resize(method=…, antialias=False)`, whose result (but for `tf-nearest`) is float32 and
 * not rounded.
 */
export const RESAMPLES = [
  'nearest',
  'box',
  'bilinear',
  'hamming',
  'bicubic',
  'lanczos',
  'tf-nearest',
  'tf-bilinear',
  'tf-bicubic',
  'tf-area',
] as const;
export type Resample = (typeof RESAMPLES)[number];

/**
 * How a picture of another aspect ratio meets the target size: `stretch` distorts it, `crop` keeps
 * the largest centred part of the target's ratio, `pad` shows all of it on black.
 */
export const FITS = ['stretch', 'crop', 'pad'] as const;
export type Fit = (typeof FITS)[number];

/** Scalings with a name: the modes of Keras' `imagenet_utils.preprocess_input`, `unit` and `none`. */
export const SCALING_NAMES = ['tf', 'torch', 'caffe', 'unit', 'none'] as const;
export type ScalingName = (typeof SCALING_NAMES)[number];

/** Keras' `Rescaling` layer in float32: `x * scale`, then `+ offset`; one number, or one each for R, G, B. */
export interface Rescaling {
  readonly scale: number | readonly [r: number, g: number, b: number];
  readonly offset: number | readonly [r: number, g: number, b: number];
}

/** How bytes become the numbers that the model was trained on; see `normalize`. */
export type Scaling = ScalingName | Rescaling;

/** Whether a value, as YAML gives it, is a scaling: a name, or finite numbers for both scale and offset. */
export function isScaling(value: unknown): value is Scaling {
  if (typeof value === 'string') return SCALING_NAMES.some((name) => name === value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { scale, offset, ...others } = value as Record<string, unknown>;
  return isCoefficient(scale) && isCoefficient(offset) && Object.keys(others).length === 0;
}

function isCoefficient(value: unknown): boolean {
  const numbers: unknown[] = Array.isArray(value) ? value : [value, value, value];
  return (
    numbers.length === 3 &&
    numbers.every((number) => typeof number === 'number' && Number.isFinite(Math.fround(number)))
  );
}

/** `exact`: the pixels that Pillow decodes. `fast`: JPEG decoded at a reduced size where it is much larger than needed. */
export const DECODE_MODES = ['exact', 'fast'] as const;
export type DecodeMode = (typeof DECODE_MODES)[number];

/** The image part of a model's spec: how encoded bytes become the model's input. */
export interface ImageSpec {
  /** Target size in pixels. */
  readonly size: readonly [height: number, width: number];
  readonly resample: Resample;
  readonly fit: Fit;
  readonly scaling: Scaling;
  readonly decode: DecodeMode;
}

/** What the model takes: scaled `float32`, or `uint8`, the resized pixels as they are. */
export type Output = 'float32' | 'uint8';

/** Whether the kernel's result is float32 that is not rounded to bytes. */
export function isFloatResample(resample: Resample): boolean {
  return resample === 'tf-bilinear' || resample === 'tf-bicubic' || resample === 'tf-area';
}

/**
 * Why a valid spec cannot serve this output, for people to read; `undefined` where it can. Every
 * resample goes with every fit; only a float-valued resample cannot give bytes, since rounding it
 * would be no one's arithmetic. Call it once at start: `preprocess` throws the same text.
 */
export function unsupportedCombination(
  spec: Pick<ImageSpec, 'resample'>,
  output: Output = 'float32',
): string | undefined {
  return output === 'uint8' && isFloatResample(spec.resample)
    ? `resample ${spec.resample} gives float32 values that are not rounded; a model with uint8 input needs one of ` +
        `${RESAMPLES.filter((name) => !isFloatResample(name)).join(', ')}.`
    : undefined;
}
