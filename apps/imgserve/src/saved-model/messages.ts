import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import {
  PROTO_LOADER_OPTIONS,
  SAVED_MODEL_PROTOS,
  type PredictionLog,
  type SavedModel,
} from '#protos';

type Message<Type> = MessageTypeDefinition<Type, Type>;

const definition = loadSync(SAVED_MODEL_PROTOS, PROTO_LOADER_OPTIONS);

/** The file `saved_model.pb`. */
export const savedModel = definition['tensorflow.SavedModel'] as Message<SavedModel>;
/** A record of `assets.extra/tf_serving_warmup_requests`. */
export const predictionLog = definition[
  'tensorflow.serving.PredictionLog'
] as Message<PredictionLog>;
