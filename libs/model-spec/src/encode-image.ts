import type { Signal } from '#cancellation';
import {
  detectFormat,
  UnsupportedImageError,
  type Preprocessor,
  type WorkerOptions,
} from '#preprocessing';
import { halfFromFloat32, type Tensor } from '#tensor';
import type { InputDtype } from './bind-signature.js';
import type { ModelSpec } from './model-spec.js';

/** Told how many seconds each stage of an image has taken. */
export interface EncodeTimes {
  /** From the file to pixels, less the wait for a turn. */
  readonly decode: (seconds: number) => void;
  /** From pixels to the tensor's numbers. */
  readonly resize: (seconds: number) => void;
}

export interface EncodeOptions {
  readonly maxPixels: number;
  readonly preprocessor: Preprocessor;
  readonly signal?: Signal | undefined;
  readonly times?: EncodeTimes;
  /** Where DT_FLOAT and DT_UINT8 are written, asked for when it is the image's turn; a new array where it is left out. */
  readonly out?: WorkerOptions['out'];
}

/**
 * An image file as the tensor that the signature asks for, batch of one: DT_FLOAT and DT_HALF
 * [1, h, w, 3] scaled, DT_UINT8 [1, h, w, 3] raw pixels, DT_STRING [1] the file itself.
 *
 * @throws UnsupportedImageError, UndecodableImageError, ImageTooLargeError, the signal's reason
 */
export async function encodeImage(
  file: Uint8Array,
  spec: ModelSpec,
  dtype: InputDtype,
  { maxPixels, preprocessor, signal, times, out }: EncodeOptions,
): Promise<Tensor> {
  if (dtype === 'DT_STRING') {
    if (detectFormat(file) === undefined) throw new UnsupportedImageError();
    return { dtype, shape: [1], data: [file] };
  }
  const output = dtype === 'DT_UINT8' ? 'uint8' : 'float32';
  const image = await preprocessor.preprocess(file, spec.image, { maxPixels, output, out, signal });
  times?.decode(image.timings.decodeMs / 1000);
  times?.resize(image.timings.resizeMs / 1000);
  // What a thread gave back need not be of this context's classes.
  const data = dtype === 'DT_HALF' ? halfFromFloat32(image.data as Float32Array) : image.data;
  return { dtype, shape: [1, ...image.shape], data };
}
