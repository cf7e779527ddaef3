import { InvalidRequestError } from '../errors/errors.js';
import { binaryElements } from './binary-data.js';

/** The body of `infer`. */
export interface InferRequest {
  readonly id: string | undefined;
  /** Each in base64, or its bytes. */
  readonly images: readonly (string | Uint8Array)[];
  /** A model has one; without a name it is that. */
  readonly output: RequestedOutput<string | undefined>;
}

export interface RequestedOutput<Name = string> {
  readonly name: Name;
  /** Answer so many of the best classes instead of the values. */
  readonly classification: number | undefined;
  /** As binary data behind the JSON. */
  readonly binary: boolean;
}

/** The one input that this server takes. */
export const INPUT = 'image';

/**
 * @param body the JSON
 * @param binary what follows it, where something may
 * @throws InvalidRequestError that names the field
 */
export function parseInferRequest(
  body: unknown,
  binary: Uint8Array | undefined,
  maxImages: number,
): InferRequest {
  const { id, inputs, outputs = [], parameters } = objectAt(body, 'the request');
  if (id !== undefined && typeof id !== 'string') throw expected('"id" to be a string');
  const { binary_data_output: binaryOutput = false } = parametersOf(parameters, 'the request');
  if (typeof binaryOutput !== 'boolean') throw expected('"binary_data_output" to be a boolean');
  return {
    id,
    images: parseInputs(inputs, binary, maxImages),
    output: parseOutputs(outputs, binaryOutput),
  };
}

function parseInputs(
  inputs: unknown,
  binary: Uint8Array | undefined,
  maxImages: number,
): readonly (string | Uint8Array)[] {
  if (!Array.isArray(inputs) || inputs.length !== 1) {
    throw expected(`"inputs" to be a list of one, named "${INPUT}"`);
  }
  const { name, datatype, shape, data, parameters } = objectAt(inputs[0], 'the input');
  if (name !== INPUT) throw expected(`the input to be named "${INPUT}"`);
  if (datatype !== 'BYTES') throw expected(`the input "${INPUT}" to be of datatype BYTES`);
  const count = countOf(shape, maxImages);
  const { binary_data_size: size } = parametersOf(parameters, 'the input');
  if (size === undefined) {
    if (binary !== undefined && binary.length > 0) {
      throw expected(`"binary_data_size" of the ${binary.length} bytes behind the JSON`);
    }
    return parseData(data, count);
  }
  if (data !== undefined) throw expected('either "data" or "binary_data_size"');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw expected('"binary_data_size" to be a number of bytes');
  }
  if (binary?.length !== size) {
    throw expected(`${size} bytes behind the JSON but received ${binary?.length ?? 0}`);
  }
  return binaryElements(binary, count);
}

/** `[n]`, or `[n, 1]` as models with a batch dimension have it. */
function countOf(shape: unknown, maxImages: number): number {
  const [count, ...rest] = Array.isArray(shape) ? (shape as unknown[]) : [];
  const isShape = rest.length === 0 || (rest.length === 1 && rest[0] === 1);
  if (!isShape || !Number.isSafeInteger(count)) {
    throw expected(`"shape" to be [n] or [n, 1]`);
  }
  if ((count as number) < 1 || (count as number) > maxImages) {
    throw expected(`1 to ${maxImages} images but received ${String(count)}`);
  }
  return count as number;
}

/** Flat, or nested as the shape has it. */
function parseData(data: unknown, count: number): string[] {
  if (!Array.isArray(data)) throw expected(`"data" to be a list of images in base64`);
  const images = data.map((element: unknown) =>
    Array.isArray(element) && element.length === 1 ? (element[0] as unknown) : element,
  );
  if (!images.every((image) => typeof image === 'string')) {
    throw expected(`"data" to be a list of images in base64`);
  }
  if (images.length !== count) {
    throw expected(`as many images as "shape" says, ${count}, but received ${images.length}`);
  }
  return images;
}

function parseOutputs(
  outputs: unknown,
  binaryOutput: boolean,
): RequestedOutput<string | undefined> {
  if (!Array.isArray(outputs) || outputs.length > 1) {
    throw expected('"outputs" to be a list of one, since the model has one');
  }
  if (outputs.length === 0) {
    return { name: undefined, classification: undefined, binary: binaryOutput };
  }
  const { name, parameters } = objectAt(outputs[0], 'the output');
  if (typeof name !== 'string') throw expected('"name" of the output to be a string');
  const { classification, binary_data: binary = binaryOutput } = parametersOf(
    parameters,
    'the output',
  );
  if (typeof binary !== 'boolean') throw expected('"binary_data" to be a boolean');
  if (classification !== undefined && !isCount(classification)) {
    throw expected('"classification" to be an integer of at least 1');
  }
  return { name, classification, binary };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function parametersOf(parameters: unknown, of: string): Record<string, unknown> {
  return parameters === undefined || parameters === null
    ? {}
    : objectAt(parameters, `"parameters" of ${of}`);
}

function objectAt(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw expected(`${what} to be a JSON object`);
  }
  return value as Record<string, unknown>;
}

function expected(what: string): InvalidRequestError {
  return new InvalidRequestError(`Expected ${what}.`);
}
