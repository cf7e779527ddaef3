import type { Options } from '@grpc/proto-loader';
import { projectPath } from '#project';

/** gRPC packages, as Nest's `package` option takes them. */
export const SERVING_PACKAGE = 'tensorflow.serving';
export const HEALTH_PACKAGE = 'grpc.health.v1';

/** Files of each package that declare its services; the rest is imported. */
export const SERVING_PROTOS = [
  'tensorflow_serving/apis/prediction_service.proto',
  'tensorflow_serving/apis/model_service.proto',
];
export const HEALTH_PROTOS = ['grpc/health/v1/health.proto'];
/** Messages of a SavedModel's files: `tensorflow.SavedModel`, `tensorflow.serving.PredictionLog`. */
export const SAVED_MODEL_PROTOS = [
  'tensorflow/core/protobuf/saved_model.proto',
  'tensorflow_serving/apis/prediction_log.proto',
];

/**
 * How every message looks in JavaScript: camelCase fields, enums as names, 64-bit integers as
 * decimal strings (a version may exceed 2^53), absent fields with their defaults, and `oneofs`
 * naming the member that is set.
 */
export const PROTO_LOADER_OPTIONS: Options = {
  includeDirs: [projectPath('protos')],
  keepCase: false,
  longs: String,
  enums: String,
  defaults: true,
  arrays: true,
  objects: true,
  oneofs: true,
};
