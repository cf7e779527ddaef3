import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeImage, type GoldenImage, type InputDtype, type ModelSpec } from '#model-spec';
import type { Preprocessor } from '#preprocessing';
import type { Tensor } from '#tensor';
import { MAX_PIXELS } from '../images/limits.js';
import { differenceOf, wordsOf, type Difference } from './difference.js';
import { resizedReference, sha256, tensorReference } from './golden-files.js';
import { decoded, resized, scaled, type Way } from './way.js';

/** Where an image parts from its golden vector. */
export type Stage = 'file' | 'decode' | 'resize' | 'scaling' | 'shape' | 'tensor' | 'scores';

export interface Failure {
  readonly image: string;
  readonly stage: Stage;
  readonly message: string;
  readonly difference?: Difference;
}

export interface Checked {
  readonly failure: Failure | undefined;
  /** Undefined where it cannot be read. */
  readonly file: Uint8Array | undefined;
  /** As the gateway would send it; undefined where that cannot be made. */
  readonly tensor: Tensor | undefined;
}

const DTYPES: readonly string[] = ['DT_FLOAT', 'DT_HALF', 'DT_UINT8', 'DT_STRING'];

/** Holds the preprocessing of one golden image against what Keras made of it. */
export async function checkImage(
  folder: string,
  image: GoldenImage,
  spec: ModelSpec,
  way: Way,
  options: { readonly preprocessor: Preprocessor; readonly signal: AbortSignal },
): Promise<Checked> {
  const failed = (stage: Stage, message: string, difference?: Difference): Failure => ({
    image: image.file,
    stage,
    message: difference === undefined ? message : `${message}: ${wordsOf(difference)}`,
    ...(difference && { difference }),
  });
  const file = await readFile(join(folder, image.file)).catch(() => undefined);
  if (file === undefined) {
    return { failure: failed('file', 'it cannot be read'), file, tensor: undefined };
  }
  const { dtype, shape, sha256: hash } = image.tensor;
  if (!DTYPES.includes(dtype)) {
    return { failure: failed('tensor', `no image becomes ${dtype}`), file, tensor: undefined };
  }
  try {
    const encode = { maxPixels: MAX_PIXELS, ...options };
    const tensor = await encodeImage(file, spec, dtype as InputDtype, encode);
    const data = Array.isArray(tensor.data) ? tensor.data[0]! : tensor.data;
    if (sha256(data as Uint8Array) === hash) return { failure: undefined, file, tensor };
    if (dtype !== 'DT_STRING' && tensor.shape.slice(1).join() !== shape.join()) {
      const shapes = `[${tensor.shape.slice(1).join(', ')}], expected [${shape.join(', ')}]`;
      return { failure: failed('shape', `its shape is ${shapes}`), file, tensor };
    }
    const failure = failed(...(await locate(folder, image, file, way, data as Uint8Array)));
    return { failure, file, tensor };
  } catch (error) {
    options.signal.throwIfAborted();
    return { failure: failed('decode', (error as Error).message), file, tensor: undefined };
  }
}

type Located = readonly [stage: Stage, message: string, difference?: Difference];

/** The first stage at which it is not what it was for Keras. */
async function locate(
  folder: string,
  image: GoldenImage,
  file: Uint8Array,
  way: Way,
  tensor: Float32Array | Uint16Array | Uint8Array,
): Promise<Located> {
  const { stages, tensor: golden } = image;
  const width = way.size[1];
  if (golden.dtype === 'DT_STRING') return ['file', 'it is not the file that it was'];
  const pixels = await decoded(file, way);
  const expected = stages?.decoded;
  const picture = resized(pixels, way);
  const reference = await resizedReference(folder, image);
  const apart = reference && differenceOf(picture.data, reference, width);
  if (expected !== undefined) {
    if (pixels.width !== expected.width || pixels.height !== expected.height) {
      const sizes = `${pixels.width} x ${pixels.height}, expected ${expected.width} x ${expected.height}`;
      return ['decode', `it is decoded to ${sizes} pixels`];
    }
    if (sha256(pixels.data) !== expected.sha256) {
      return ['decode', 'its decoded pixels differ, at the size of the model', apart];
    }
  }
  if (stages?.resized !== undefined && sha256(picture.data) !== stages.resized.sha256) {
    return ['resize', 'its resized pixels differ', apart];
  }
  const elements = await tensorReference(folder, image);
  const difference = elements && differenceOf(tensor, elements, width);
  if (stages?.resized !== undefined) {
    const again = scaled(picture, way, golden.dtype);
    const isOurs = again !== undefined && sha256(again) === golden.sha256;
    return isOurs
      ? ['tensor', 'it is another done at once than step by step, which is a fault of this project']
      : ['scaling', 'its scaled values differ', difference];
  }
  return ['tensor', 'its tensor differs', difference];
}
