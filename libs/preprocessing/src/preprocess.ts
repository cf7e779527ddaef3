import { decode } from './decode/decode.js';
import { byteScale, normalize } from './normalize/normalize.js';
import type { Pixels } from './pixels.js';
import { wholeOf } from './resize/box.js';
import { cropBox } from './resize/fit.js';
import { resizeNearestScaled } from './resize/nearest.js';
import { resize, resizeInTurns } from './resize/resize.js';
import { checkSize, window } from './resize/window.js';
import { createScratch } from './scratch.js';
import { isFloatResample, unsupportedCombination, type ImageSpec, type Output } from './spec.js';

export interface PreprocessOptions {
  /** Pictures whose header declares more pixels are refused before they are decoded. */
  readonly maxPixels: number;
  readonly output: Output;
  /**
   * Where the tensor is written: `height * width * 3` elements of the output's type, such as one
   * image's part of a batch. A new array where it is left out.
   */
  readonly out?: Float32Array | Uint8Array | undefined;
}

/** One image as a model takes it: row-major HWC; without the batch dimension. */
export interface ImageTensor {
  readonly shape: readonly [height: number, width: number, channels: 3];
  readonly data: Float32Array | Uint8Array;
  /** Wall-clock milliseconds: decoding (which waits for a thread of libuv's pool), and resizing with scaling. */
  readonly timings: { readonly decodeMs: number; readonly resizeMs: number };
}

/**
 * The encoded image (JPEG, PNG, …) as the model's input tensor: decoded, resized and scaled as the
 * spec says. With `output: 'uint8'` the resized pixels are given raw and `scaling` does not apply.
 *
 * @throws UnsupportedImageError, UndecodableImageError, ImageTooLargeError: the image's fault
 * @throws RangeError the caller's: a combination that `unsupportedCombination` names, a malformed size or `out`
 */
export async function preprocess(
  bytes: Uint8Array,
  spec: ImageSpec,
  options: PreprocessOptions,
): Promise<ImageTensor> {
  const unsupported = unsupportedCombination(spec, options.output);
  if (unsupported !== undefined) throw new RangeError(unsupported);
  checkSize(spec.size);

  const start = performance.now();
  const pixels = await decode(bytes, {
    maxPixels: options.maxPixels,
    mode: spec.decode,
    target: spec.size,
  });
  const decoded = performance.now();
  const data = await toTensor(pixels, spec, options);
  const [height, width] = spec.size;
  return {
    shape: [height, width, 3],
    data,
    timings: { decodeMs: decoded - start, resizeMs: performance.now() - decoded },
  };
}

/** A picture of more pixels can take longer to resize than others should wait. */
const PIXELS_AT_ONCE = 1 << 21;

/** For resized bytes before they are scaled, which is done before anything else runs. */
const scratch = createScratch();

async function toTensor(
  pixels: Pixels,
  spec: ImageSpec,
  { output, out }: PreprocessOptions,
): Promise<Float32Array | Uint8Array> {
  const isLong = pixels.width * pixels.height > PIXELS_AT_ONCE;
  if (output === 'uint8') {
    return (isLong ? await resizeInTurns(pixels, spec, out) : resize(pixels, spec, out)).data;
  }
  const length = spec.size[0] * spec.size[1] * 3;
  const tensor = out ?? new Float32Array(length);
  if (!(tensor instanceof Float32Array) || tensor.length !== length) {
    throw new RangeError(
      `Expected a Float32Array of ${length} elements to write float32 output to`,
    );
  }
  if (spec.resample === 'nearest' && spec.fit !== 'pad') {
    const [height, width] = spec.size;
    const target = window({ width, height, data: tensor });
    const box = spec.fit === 'crop' ? cropBox(pixels, target) : wholeOf(pixels);
    resizeNearestScaled(pixels, target, box, byteScale(spec.scaling));
    return tensor;
  }
  // Floats are scaled in place.
  const floats = isFloatResample(spec.resample) ? tensor : undefined;
  const resized = isLong
    ? await resizeInTurns(pixels, spec, floats)
    : resize(pixels, spec, floats ?? scratch(length));
  return normalize(resized, spec.scaling, tensor);
}
