import { decodeOrSample, type Sampling } from './decode/index.js';
import { byteScale, normalize } from './normalize/normalize.js';
import type { Pixels } from './pixels.js';
import { wholeOf } from './resize/box.js';
import { cropBox } from './resize/fit.js';
import { nearestPositions, resizeNearestScaled } from './resize/nearest.js';
import { resize } from './resize/resize.js';
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
  /** Leaves what only libvips decodes, by a NeedsLibvipsError. */
  readonly withoutLibvips?: boolean | undefined;
}

/** One image as a model takes it: row-major HWC; without the batch dimension. */
export interface ImageTensor {
  readonly shape: readonly [height: number, width: number, channels: 3];
  readonly data: Float32Array | Uint8Array;
  /**
   * Wall-clock milliseconds: decoding, and resizing with scaling. Where a decoder gives the resized
   * and scaled pixels at once, as for JPEG, PNG and nearest, decoding is all and
   * resizing is 0.
   */
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
  const out = outOf(spec, options);
  const sample = samplingOf(spec, out);
  const pixels = await decodeOrSample(bytes, {
    maxPixels: options.maxPixels,
    mode: spec.decode,
    target: spec.size,
    withoutLibvips: options.withoutLibvips,
    sample,
  });
  const decoded = performance.now();
  if (pixels !== undefined) toTensor(pixels, spec, out);
  const [height, width] = spec.size;
  return {
    shape: [height, width, 3],
    data: out,
    timings: {
      decodeMs: decoded - start,
      resizeMs: pixels === undefined ? 0 : performance.now() - decoded,
    },
  };
}

/** Nearest needs some of the pixels, and nothing of the others: a decoder that can may give those alone. */
function samplingOf(spec: ImageSpec, out: Sampling['out']): Sampling | undefined {
  if (spec.resample !== 'nearest' || spec.fit === 'pad') return undefined;
  const [height, width] = spec.size;
  const target = { width, height };
  return {
    positions: (source) =>
      nearestPositions(spec.fit === 'crop' ? cropBox(source, target) : wholeOf(source), target),
    scale: byteScale(spec.scaling),
    out,
  };
}

/** Where the tensor goes. */
function outOf(
  { size: [height, width] }: ImageSpec,
  { output, out }: PreprocessOptions,
): Float32Array | Uint8Array {
  const length = height * width * 3;
  const type = output === 'uint8' ? Uint8Array : Float32Array;
  const tensor = out ?? new type(length);
  if (!(tensor instanceof type) || tensor.length !== length) {
    throw new RangeError(
      `Expected a ${type.name} of ${length} elements to write ${output} output to`,
    );
  }
  return tensor;
}

/** For resized bytes before they are scaled, which is done before anything else runs. */
const scratch = createScratch();

function toTensor(pixels: Pixels, spec: ImageSpec, tensor: Float32Array | Uint8Array): void {
  if (tensor instanceof Uint8Array) {
    resize(pixels, spec, tensor);
  } else if (spec.resample === 'nearest' && spec.fit !== 'pad') {
    const [height, width] = spec.size;
    const target = window({ width, height, data: tensor });
    const box = spec.fit === 'crop' ? cropBox(pixels, target) : wholeOf(pixels);
    resizeNearestScaled(pixels, target, box, byteScale(spec.scaling));
  } else {
    // Floats are scaled in place.
    const resized = isFloatResample(spec.resample) ? tensor : scratch(tensor.length);
    normalize(resize(pixels, spec, resized), spec.scaling, tensor);
  }
}
