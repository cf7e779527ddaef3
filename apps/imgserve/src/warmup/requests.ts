import { encodeImage, type InputBinding, type ModelSpec } from '#model-spec';
import { detectFormat, type Preprocessor } from '#preprocessing';
import { joinTensors, toTensorProto, type Tensor } from '#tensor';
import { InputError } from '../frame/index.js';
import { predictionLog } from '../saved-model/messages.js';

/** An image to warm a model up with. */
export interface WarmupImage {
  readonly name: string;
  readonly read: () => Promise<Uint8Array>;
}

export interface WarmupPlan {
  /** The servable's name, as requests say it. */
  readonly name: string;
  readonly spec: ModelSpec;
  readonly bindings: readonly InputBinding[];
  /** Taken in turn. */
  readonly images: readonly WarmupImage[];
  /** Requests for each signature and size of a batch. */
  readonly count: number;
  readonly batchSizes: readonly number[];
}

interface EncodeOptions {
  readonly preprocessor: Preprocessor;
  readonly maxPixels: number;
  readonly signal?: AbortSignal;
}

/** A signature that has no room for several images gets one at a time. */
export function sizesFor(binding: InputBinding, batchSizes: readonly number[]): readonly number[] {
  return binding.isBatched ? batchSizes : [1];
}

/** How many records a plan makes. */
export function countRecords({ bindings, batchSizes, count }: WarmupPlan): number {
  return bindings.reduce((sum, one) => sum + sizesFor(one, batchSizes).length * count, 0);
}

/**
 * The requests as TensorFlow Serving reads them before a version counts as AVAILABLE, each an encoded
 * PredictionLog (tensorflow_serving/apis/prediction_log.proto). One is held at a time.
 *
 * @throws InputError that names the image which cannot be read; the signal's reason
 */
export async function* warmupRecords(
  { name, spec, bindings, images, count, batchSizes }: WarmupPlan,
  options: EncodeOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const binding of bindings) {
    for (const size of sizesFor(binding, batchSizes)) {
      for (let first = 0; first < count * size; first += size) {
        const chosen = Array.from(
          { length: size },
          (_, row) => images[(first + row) % images.length]!,
        );
        const rows: Tensor[] = [];
        for (const image of chosen) rows.push(await encode(image, spec, binding, options));
        yield recordOf(name, binding, joinTensors(rows));
      }
    }
  }
}

/** TensorFlow's own decoders read no WebP and no TIFF, and one request that fails fails the whole model. */
export function isForTensorFlow(file: Uint8Array): boolean {
  const format = detectFormat(file);
  return format === 'jpeg' || format === 'png';
}

async function encode(
  image: WarmupImage,
  spec: ModelSpec,
  { dtype }: InputBinding,
  options: EncodeOptions,
): Promise<Tensor> {
  options.signal?.throwIfAborted();
  try {
    return await encodeImage(await image.read(), spec, dtype, options);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new InputError(`${image.name}: ${(error as Error).message}`, { cause: error });
  }
}

function recordOf(name: string, { signatureName, inputAlias }: InputBinding, tensor: Tensor) {
  const request = {
    modelSpec: { name, signatureName },
    inputs: { [inputAlias]: toTensorProto(tensor) },
  };
  return predictionLog.serialize({ predictLog: { request } });
}
