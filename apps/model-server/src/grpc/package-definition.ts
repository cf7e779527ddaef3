import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/grpc-js';
import { HEALTH_PROTOS, PROTO_LOADER_OPTIONS, SERVING_PROTOS, type SignatureDefMap } from '#protos';
import { isAffordable, METADATA_REQUEST, PREDICT_REQUEST } from './message-budget.js';

/** What a handler gets in place of a request that would take too much memory to read. */
export interface TooComplexRequest {
  tooComplex: true;
}

type Methods = Record<string, MethodDefinition<object, object>>;

/** The services, with requests weighed before they are decoded. */
export const packageDefinition: PackageDefinition = loadSync(
  [...SERVING_PROTOS, ...HEALTH_PROTOS],
  PROTO_LOADER_OPTIONS,
);

const predictionService = packageDefinition['tensorflow.serving.PredictionService'] as Methods;
for (const [name, cost] of [
  ['Predict', PREDICT_REQUEST],
  ['GetModelMetadata', METADATA_REQUEST],
] as const) {
  const method = predictionService[name]!;
  const deserialize = method.requestDeserialize;
  method.requestDeserialize = (bytes) =>
    isAffordable(bytes, cost)
      ? deserialize(bytes)
      : ({ tooComplex: true } satisfies TooComplexRequest);
}

const signatureDefMap = packageDefinition[
  'tensorflow.serving.SignatureDefMap'
] as MessageTypeDefinition<SignatureDefMap, SignatureDefMap>;

/** The bytes of a SignatureDefMap. */
export function encodeSignatureDefMap(map: SignatureDefMap): Uint8Array {
  return signatureDefMap.serialize(map);
}
