import { TextDecoder } from 'node:util';
import type { PredictRequest, TensorProto } from '#protos';
import { fromTensorProto, InvalidTensorError, type Tensor } from '#tensor';
import {
  dtypeMismatch,
  inputMissing,
  inputsMismatch,
  requestTooComplex,
  shapeMismatch,
  stringNotText,
  tensorUnparsable,
  unequalBatchSizes,
} from '../errors/messages.js';
import { MAX_MESSAGE_BYTES } from '../grpc/grpc-server.js';
import type { Signature, TensorSpec } from '../inference/signature.js';
import { bytesOf, type Elements, type Value, type Values } from '../inference/values.js';

/**
 * The inputs of a request as the signature wants them. Whatever ONNX Runtime would stumble over is
 * found here, in TF Serving's order: aliases, then each tensor's message, dtype and shape.
 * @throws ServingError INVALID_ARGUMENT
 */
export function readInputs(inputs: PredictRequest['inputs'] = {}, signature: Signature): Values {
  const requested = Object.keys(inputs).sort();
  const expected = signature.inputs.map(({ alias }) => alias);
  if (requested.length !== expected.length) throw inputsMismatch(requested, expected);
  const absent = expected.find((alias) => !Object.hasOwn(inputs, alias));
  if (absent !== undefined) throw inputMissing(absent, requested);

  const tensors = signature.inputs.map(({ alias }) => parse(alias, inputs[alias]!));
  const values = signature.inputs.map((spec, index): [string, Value] => {
    const tensor = tensors[index]!;
    if (tensor.dtype !== spec.dtype) throw dtypeMismatch(index, spec.dtype, tensor.dtype);
    if (!isShapeAccepted(tensor.shape, spec, signature)) {
      throw shapeMismatch(index, spec.alias, spec.shape ?? [], tensor.shape);
    }
    expectRowThatFits(tensor.shape, spec);
    return [
      spec.alias,
      { type: spec.type, dims: tensor.shape, data: elementsOf(spec.alias, tensor) },
    ];
  });
  const batchSizes = new Set(values.map(([, { dims }]) => dims[0]));
  if (signature.batched && batchSizes.size > 1) throw unequalBatchSizes();
  return Object.fromEntries(values);
}

function parse(alias: string, proto: TensorProto): Tensor {
  try {
    return fromTensorProto(proto);
  } catch (error) {
    if (error instanceof InvalidTensorError) throw tensorUnparsable(alias);
    throw error;
  }
}

/** Only the batch may be empty: other sizes of 0 make kernels divide by it. */
function isShapeAccepted(
  shape: readonly number[],
  spec: TensorSpec,
  signature: Signature,
): boolean {
  if (shape.slice(signature.batched ? 1 : 0).includes(0)) return false;
  if (spec.shape === undefined) return true;
  return (
    shape.length === spec.shape.length &&
    spec.shape.every((size, axis) => typeof size === 'string' || size === shape[axis])
  );
}

/** An empty batch is run as one row of zeros, which its few bytes must not make larger than any message. */
function expectRowThatFits([rows, ...row]: readonly number[], { alias, type }: TensorSpec): void {
  if (rows === 0 && bytesOf(type, row) > MAX_MESSAGE_BYTES)
    throw requestTooComplex(`a row of ${alias} takes more than ${MAX_MESSAGE_BYTES} bytes`);
}

function elementsOf(alias: string, { dtype, data }: Tensor): Elements {
  if (Array.isArray(data)) return data.map((bytes) => textOf(alias, bytes));
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  // C++ reads a bool of any other value as neither true nor false.
  return dtype === 'DT_BOOL' ? bytes.map((byte) => (byte === 0 ? 0 : 1)) : bytes;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(alias: string, bytes: Uint8Array): string {
  try {
    if (!bytes.includes(0)) return utf8.decode(bytes);
  } catch {
    // Told below.
  }
  throw stringNotText(alias);
}
