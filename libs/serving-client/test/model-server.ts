import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerOptions,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import {
  PROTO_LOADER_OPTIONS,
  SERVING_PROTOS,
  type GetModelMetadataRequest,
  type GetModelMetadataResponse,
  type GetModelStatusRequest,
  type GetModelStatusResponse,
  type PredictRequest,
  type PredictResponse,
} from '#protos';

export interface Handlers {
  predict: handleUnaryCall<PredictRequest, PredictResponse>;
  getModelMetadata: handleUnaryCall<GetModelMetadataRequest, GetModelMetadataResponse>;
  getModelStatus: handleUnaryCall<GetModelStatusRequest, GetModelStatusResponse>;
}

export interface ModelServer {
  host: string;
  port: number;
  /** Ends at once, as a killed process does. */
  kill(): void;
}

const definition = loadSync(SERVING_PROTOS, PROTO_LOADER_OPTIONS);

interface ServerSettings {
  address?: string;
  port?: number;
  options?: ServerOptions;
  /** Bytes to answer with, whatever the handlers say. */
  answer?: Buffer;
}

/** A gRPC server of TensorFlow Serving's services on the loopback; what it answers is the test's. */
export async function startModelServer(
  handlers: Partial<Handlers>,
  { address = '127.0.0.1', port = 0, options = {}, answer }: ServerSettings = {},
): Promise<ModelServer> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, ...options });
  for (const name of ['PredictionService', 'ModelService']) {
    const service = definition[`tensorflow.serving.${name}`] as unknown as ServiceDefinition;
    const methods = Object.entries(service).map(([method, settings]) => [
      method,
      answer ? { ...settings, responseSerialize: () => answer } : settings,
    ]);
    server.addService(Object.fromEntries(methods) as ServiceDefinition, { ...handlers });
  }
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${address}:${port}`, ServerCredentials.createInsecure(), (error, actual) => {
      if (error) {
        reject(error);
      } else {
        resolve(actual);
      }
    });
  });
  return {
    host: `${address}:${bound}`,
    port: bound,
    kill: () => {
      server.forceShutdown();
    },
  };
}

/** Answers every input back under its own alias. */
export const echo: Handlers['predict'] = ({ request }, callback) => {
  callback(null, { modelSpec: request.modelSpec, outputs: request.inputs });
};
