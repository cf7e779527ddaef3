import { InvalidRequestError } from '../errors/errors.js';
import type { ImageRequest } from '../images/image-request.js';

/** The body of `:predict`. */
export interface PredictBody {
  /** TensorFlow Serving's two formats; the answer has the same. */
  readonly format: 'instances' | 'inputs';
  /** Each yet to be looked at. */
  readonly images: readonly unknown[];
  /** Of `inputs`, the alias that its list was found under. */
  readonly alias: string | undefined;
  readonly signatureName: string | undefined;
}

/** @throws InvalidRequestError that names the field */
export function parsePredictBody(body: unknown, maxImages: number): PredictBody {
  if (!isObject(body)) throw new InvalidRequestError('Expected a JSON object.');
  const { instances, inputs, signature_name: signatureName = '' } = body;
  if ((instances === undefined) === (inputs === undefined)) {
    throw new InvalidRequestError('Expected either "instances" or "inputs".');
  }
  if (typeof signatureName !== 'string') {
    throw new InvalidRequestError('Expected "signature_name" to be a string.');
  }
  const format = instances === undefined ? 'inputs' : 'instances';
  const named = format === 'inputs' && isObject(inputs) ? onlyField(inputs) : undefined;
  const images = named?.value ?? instances ?? inputs;
  if (!Array.isArray(images)) {
    throw new InvalidRequestError(`Expected "${format}" to hold a list of images.`);
  }
  if (images.length === 0 || images.length > maxImages) {
    throw new InvalidRequestError(
      `Expected 1 to ${maxImages} images in "${format}" but received ${images.length}.`,
    );
  }
  return { format, images, alias: named?.name, signatureName: signatureName || undefined };
}

/**
 * One image: `{"b64": …}` or `{"url": …}`, by itself or as the value of the model's input, which is
 * called `image` here and has its signature's alias too.
 *
 * @throws InvalidRequestError
 */
export function parseInstance(instance: unknown, alias: string): ImageRequest {
  const image = imageOf(instance);
  if (image !== undefined) return image;
  const input = isObject(instance) ? onlyField(instance) : undefined;
  const value = imageOf(input?.value);
  if (input === undefined || value === undefined) {
    throw new InvalidRequestError('Expected an image as {"b64": "…"} or as {"url": "…"}.');
  }
  expectInput(input.name, alias);
  return value;
}

/** @throws InvalidRequestError */
export function expectInput(name: string, alias: string): void {
  if (name !== 'image' && name !== alias) {
    throw new InvalidRequestError(`Expected the input "image" or "${alias}".`);
  }
}

function imageOf(value: unknown): ImageRequest | undefined {
  const field = isObject(value) ? onlyField(value) : undefined;
  if (typeof field?.value !== 'string') return undefined;
  if (field.name === 'b64') return { image: field.value };
  return field.name === 'url' ? { url: field.value } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyField(value: object): { name: string; value: unknown } | undefined {
  const [field, ...others] = Object.entries(value) as [string, unknown][];
  return field === undefined || others.length > 0 ? undefined : { name: field[0], value: field[1] };
}
