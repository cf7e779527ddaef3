import {
  loadSync,
  type MessageTypeDefinition,
  type MethodDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import {
  PROTO_LOADER_OPTIONS,
  SERVING_PROTOS,
  type PredictRequest,
  type PredictResponse,
  type SignatureDefMap,
  type TensorProto,
} from '#protos';

const definition = loadSync(SERVING_PROTOS, PROTO_LOADER_OPTIONS);
const service = definition['tensorflow.serving.PredictionService'] as ServiceDefinition;

/** The protos' services, but for `Predict`, whose request is bytes that are encoded already. */
export const packageDefinition: PackageDefinition = {
  ...definition,
  'tensorflow.serving.PredictionService': {
    ...service,
    Predict: { ...service['Predict']!, requestSerialize: (message) => message as Buffer },
  },
};

/** What is called past the client that Nest makes of the definition above. */
export const predictMethod = service['Predict'] as MethodDefinition<
  PredictRequest,
  PredictResponse
>;

type Message<Type> = MessageTypeDefinition<Type, Type>;

export const predictRequest = definition[
  'tensorflow.serving.PredictRequest'
] as Message<PredictRequest>;
export const tensorProto = definition['tensorflow.TensorProto'] as Message<TensorProto>;
export const signatureDefMap = definition[
  'tensorflow.serving.SignatureDefMap'
] as Message<SignatureDefMap>;
