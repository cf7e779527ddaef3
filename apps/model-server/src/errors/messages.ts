import { status } from '@grpc/grpc-js';
import type { DataTypeName } from '#protos';
import { ServingError } from './serving-error.js';

/**
 * Every failure that callers can see. Where TensorFlow Serving fails on the same mistake, code and
 * text are its own, word for word, since clients match on them; the source is named. What it
 * answers differently or not at all is marked as this server's.
 */
const invalidArgument = (text: string) => new ServingError(status.INVALID_ARGUMENT, text);
const notFound = (text: string) => new ServingError(status.NOT_FOUND, text);

/** predict_impl.cc, get_model_metadata_impl.cc, get_model_status_impl.cc */
export const missingModelSpec = () => invalidArgument('Missing ModelSpec');

/** server_core.cc, ServableRequestFromModelSpec */
export const modelSpecWithoutName = () => invalidArgument('ModelSpec has no name specified.');

/** server_core.cc, GetModelVersionForLabel */
export const unrecognizedLabel = (label: string) =>
  invalidArgument(`Unrecognized servable version label: ${label}`);

/** basic_manager.cc; the request's words are ServableRequest::DebugString's */
export const servableNotFound = (name: string, version?: string) =>
  notFound(
    `Servable not found for request: ${version === undefined ? `Latest(${name})` : `Specific(${name}, ${version})`}`,
  );

/** predict_util.cc, RunPredict */
export const signatureNotFound = (key: string) =>
  new ServingError(status.FAILED_PRECONDITION, `Serving signature key "${key}" not found.`);

/** predict_util.cc, VerifyRequestInputsSize */
export function inputsMismatch(requested: readonly string[], expected: readonly string[]) {
  const extra = requested.filter((alias) => !expected.includes(alias));
  const missing = expected.filter((alias) => !requested.includes(alias));
  return invalidArgument(
    `input size does not match signature: ${requested.length}!=${expected.length}` +
      ` len(${set(requested)}) != len(${set(expected)}).` +
      ` Sent extra: ${set(extra)}. Missing but required: ${set(missing)}.`,
  );
}

/** tensorflow/cc/saved_model/util.cc, GetInputValues */
export const inputMissing = (alias: string, requested: readonly string[]) =>
  invalidArgument(
    `Signature input alias: ${alias}(feed name: ${alias}:0) not found in request and no default` +
      ` value provided. Inputs expected to be in the request ${set(requested)},` +
      ' or default input alias set: ',
  );

/** tensorflow/cc/saved_model/util.cc: the message is malformed, or its bytes do not fill its shape */
export const tensorUnparsable = (alias: string) =>
  invalidArgument(`tensor parsing error: ${alias}`);

/** tensorflow/core/kernels/function_ops.cc, ArgOp */
export const dtypeMismatch = (index: number, expected: DataTypeName, received: DataTypeName) =>
  invalidArgument(
    `Expects arg[${index}] to be ${dataTypeString(expected)}` +
      ` but ${dataTypeString(received)} is provided`,
  );

/** This server's: in TF Serving each model's first operation finds its own words. */
export const shapeMismatch = (
  index: number,
  alias: string,
  expected: readonly (number | string)[],
  received: readonly (number | string)[],
) =>
  invalidArgument(
    `Expects arg[${index}] (${alias}) to have shape ${shapeString(expected)}` +
      ` but ${shapeString(received)} is provided`,
  );

/** batching_session.cc: inputs whose first dimension is the batch's must agree on it */
export const unequalBatchSizes = () =>
  invalidArgument('Batching session Run() input tensors must have equal 0th-dimension size');

/** This server's: ONNX Runtime takes strings as text that ends at the first NUL. */
export const stringNotText = (alias: string) =>
  invalidArgument(`Expects ${alias} to hold UTF-8 text without NUL`);

/** predict_util.cc, PreProcessPrediction */
export const outputNotFound = (alias: string, outputs: readonly string[]) =>
  invalidArgument(
    `output tensor alias not found in signature: ${alias}` +
      ` Outputs expected to be in the set ${set(outputs)}.`,
  );

/** predict_util.cc, PreProcessPrediction */
export const outputRepeated = (alias: string) =>
  invalidArgument(`duplicate output tensor alias: ${alias}`);

/** get_model_status_impl.cc */
export const noVersions = (name: string) =>
  notFound(`Could not find any versions of model ${name}`);

/** get_model_status_impl.cc */
export const noSuchVersion = (name: string, version: string) =>
  notFound(`Could not find version ${version} of model ${name}`);

/** get_model_metadata_impl.cc */
export const noMetadataField = () =>
  invalidArgument('GetModelMetadataRequest must specify at least one metadata_field');

/** get_model_metadata_impl.cc */
export const unsupportedMetadataField = (field: string) =>
  invalidArgument(`Metadata field ${field} is not supported`);

/** The health protocol asks for this status; the text is grpc-health's usual one. */
export const unknownHealthService = () => notFound('unknown service');

/** basic_batch_scheduler.h's text; its code there is UNAVAILABLE, which clients retry at once. */
export const queueFull = () =>
  new ServingError(
    status.RESOURCE_EXHAUSTED,
    'The batch scheduling queue to which this task was submitted is full',
  );

/** shared_batch_scheduler.h, Schedule */
export const tooManyRows = (rows: number, most: number) =>
  invalidArgument(`Task size ${rows} is larger than maximum input batch size ${most}`);

/** This server's: a message that would take far more memory than its own size to read. */
export const requestTooComplex = (what: string) =>
  invalidArgument(`Request is too complex to read: ${what}`);

/** The model itself refused the values; ONNX Runtime's words tell which operation and why. */
export const runFailed = (reason: string) => invalidArgument(reason);

/** Nobody reads this one: the caller is gone. */
export const cancelled = () => new ServingError(status.CANCELLED, 'Cancelled');

export const internal = () => new ServingError(status.INTERNAL, 'Internal error');

const set = (names: readonly string[]) => `{${names.join(',')}}`;

/** As PartialTensorShape::DebugString: an unknown size is a question mark. */
const shapeString = (shape: readonly (number | string)[]) =>
  `[${shape.map((size) => (typeof size === 'string' ? '?' : size)).join(',')}]`;

/** tensorflow/core/framework/types.cc, DataTypeString */
const dataTypeString = (dtype: DataTypeName) => dtype.replace('DT_', '').toLowerCase();
