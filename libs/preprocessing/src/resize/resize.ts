import type { Pixels } from '../pixels.js';
import { createScratch } from '../scratch.js';
import { isFloatResample, type ImageSpec, type Resample } from '../spec.js';
import { cropBox, padPlacement, smartCropBox, tfPadPlacement, type Placement } from './fit.js';
import { resizeLikePillow, type Allocate, type PillowResample } from './pillow.js';
import { resizeTfArea } from './tf-area.js';
import { resizeTfBicubic } from './tf-bicubic.js';
import { resizeTfBilinear } from './tf-bilinear.js';
import { resizeTfNearest } from './tf-nearest.js';
import { checkPixels, checkSize, window, type FloatPixels, type Window } from './window.js';

/**
 * Resizes a picture to the spec's size: bytes as Pillow 13 gives them or, for `tf-bilinear`,
 * `tf-bicubic` and `tf-area`, float32 values as `tf.image.resize(antialias=False)` gives them on
 * x86-64 CPUs, bit for bit.
 *
 * `crop` is Keras' `load_img(keep_aspect_ratio=True)`, for `tf-` resamples its `smart_resize`; `pad`
 * is `PIL.ImageOps.pad` on black, for `tf-` resamples `tf.image.resize_with_pad`.
 *
 * @param out where the result is written: `height * width * 3` elements of the resample's type; a new
 *   array where it is left out.
 * @throws RangeError where `pixels`, the size or `out` is malformed.
 */
export function resize(
  pixels: Pixels,
  spec: Pick<ImageSpec, 'size' | 'resample' | 'fit'>,
  out?: Uint8Array | Float32Array,
): Pixels | FloatPixels {
  const image = prepare(pixels, spec, out);
  fitInto(pixels, image, spec, scratch);
  return image as Pixels | FloatPixels;
}

/** For the picture between two passes, which is gone before `resize` returns. */
const scratch = createScratch();

function prepare(
  pixels: Pixels,
  { size, resample }: Pick<ImageSpec, 'size' | 'resample'>,
  out: Uint8Array | Float32Array | undefined,
): Placeable {
  checkPixels(pixels);
  checkSize(size);
  const [height, width] = size;
  const length = width * height * 3;
  const isFloat = isFloatResample(resample);
  const data = out ?? (isFloat ? new Float32Array(length) : new Uint8Array(length));
  if (data.length !== length || data instanceof Float32Array !== isFloat) {
    throw new RangeError(
      `Expected ${length} elements of ${isFloat ? 'float32' : 'uint8'} for the result but received ` +
        `${data.length} of ${data instanceof Float32Array ? 'float32' : 'uint8'}`,
    );
  }
  return { width, height, data };
}

function fitInto(
  pixels: Pixels,
  image: Placeable,
  { resample, fit }: Pick<ImageSpec, 'resample' | 'fit'>,
  allocate: Allocate,
): void {
  if (isPillows(resample)) fitLikePillow(pixels, image as Pixels, resample, fit, allocate);
  else fitLikeTensorFlow(pixels, image, resample, fit);
}

type TfResample = Exclude<Resample, PillowResample>;

function isPillows(resample: Resample): resample is PillowResample {
  return !resample.startsWith('tf-');
}

function fitLikePillow(
  source: Pixels,
  target: Pixels,
  resample: PillowResample,
  fit: ImageSpec['fit'],
  allocate: Allocate,
): void {
  switch (fit) {
    case 'stretch':
      resizeLikePillow(source, window(target), resample, allocate);
      return;
    case 'crop':
      resizeLikePillow(source, window(target), resample, allocate, cropBox(source, target));
      return;
    case 'pad': {
      const placement = padPlacement(source, target);
      const inner = placed(target, placement);
      if (inner.width > 0 && inner.height > 0) {
        resizeLikePillow(source, inner, resample, allocate);
      }
    }
  }
}

function fitLikeTensorFlow(
  source: Pixels,
  target: Placeable,
  resample: TfResample,
  fit: ImageSpec['fit'],
): void {
  switch (fit) {
    case 'stretch':
      resizeLikeTensorFlow(window(source), window(target), resample);
      return;
    case 'crop': {
      const { left, top, width, height } = smartCropBox(source, target);
      resizeLikeTensorFlow(window(source, left, top, width, height), window(target), resample);
      return;
    }
    case 'pad':
      resizeLikeTensorFlow(
        window(source),
        placed(target, tfPadPlacement(source, target)),
        resample,
      );
  }
}

function resizeLikeTensorFlow(
  source: Window<Uint8Array>,
  target: Window<Uint8Array | Float32Array>,
  resample: TfResample,
): void {
  switch (resample) {
    case 'tf-nearest':
      resizeTfNearest(source, target as Window<Uint8Array>);
      return;
    case 'tf-bilinear':
      resizeTfBilinear(source, target as Window<Float32Array>);
      return;
    case 'tf-bicubic':
      resizeTfBicubic(source, target as Window<Float32Array>);
      return;
    case 'tf-area':
      resizeTfArea(source, target as Window<Float32Array>);
  }
}

interface Placeable {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
}

/** The place of the picture on its target, which is made black around it. */
function placed<T extends Placeable>(
  target: T,
  { left, top, width, height }: Placement,
): Window<T['data']> {
  if (width !== target.width || height !== target.height) target.data.fill(0);
  return window(target, left, top, width, height);
}
