import {
  Client,
  credentials,
  loadPackageDefinition,
  type CallOptions,
  type ClientReadableStream,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import {
  HEALTH_PROTOS,
  PROTO_LOADER_OPTIONS,
  SERVING_PROTOS,
  type GetModelMetadataRequest,
  type GetModelMetadataResponse,
  type GetModelStatusRequest,
  type GetModelStatusResponse,
  type HealthCheckResponse,
  type PredictRequest,
  type PredictResponse,
  type SignatureDefMap,
  type TensorProto,
} from '#protos';

const definition = loadSync([...SERVING_PROTOS, ...HEALTH_PROTOS], PROTO_LOADER_OPTIONS);
loadPackageDefinition(definition);

type Method = MethodDefinition<object, object>;

/** A plain grpc-js client of everything that the server offers. */
export class ServingClient {
  private readonly client: Client;

  constructor(port: number) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  predict(request: PredictRequest, options?: CallOptions): Promise<PredictResponse> {
    return this.call('tensorflow.serving.PredictionService', 'Predict', request, options);
  }

  getModelMetadata(request: GetModelMetadataRequest): Promise<GetModelMetadataResponse> {
    return this.call('tensorflow.serving.PredictionService', 'GetModelMetadata', request);
  }

  getModelStatus(request: GetModelStatusRequest): Promise<GetModelStatusResponse> {
    return this.call('tensorflow.serving.ModelService', 'GetModelStatus', request);
  }

  /** `VERSION STATE` of each version. */
  async states(name: string): Promise<string[]> {
    const { modelVersionStatus = [] } = await this.getModelStatus({ modelSpec: { name } });
    return modelVersionStatus.map(({ version, state }) => `${version} ${state}`);
  }

  async health(service = ''): Promise<string | undefined> {
    const answer = await this.call<HealthCheckResponse>('grpc.health.v1.Health', 'Check', {
      service,
    });
    return answer.status;
  }

  watchHealth(service = ''): ClientReadableStream<HealthCheckResponse> {
    const { path, requestSerialize, responseDeserialize } = method(
      'grpc.health.v1.Health',
      'Watch',
    );
    return this.client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize as (bytes: Buffer) => HealthCheckResponse,
      { service },
    );
  }

  /** Sends bytes as they are and gives the answer's. */
  raw(path: string, bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const same = (value: Buffer) => value;
      this.client.makeUnaryRequest(path, same, same, bytes, (error, value) => {
        if (error === null) resolve(value!);
        else reject(error);
      });
    });
  }

  /** A call that can be cancelled. */
  startPredict(request: PredictRequest): { answer: Promise<PredictResponse>; cancel: () => void } {
    let cancel!: () => void;
    const answer = this.call<PredictResponse>(
      'tensorflow.serving.PredictionService',
      'Predict',
      request,
      {},
      (call) => {
        cancel = call;
      },
    );
    return { answer, cancel };
  }

  close(): void {
    this.client.close();
  }

  private call<Response extends object>(
    service: string,
    name: string,
    request: object,
    options: CallOptions = {},
    onStart?: (cancel: () => void) => void,
  ): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = method(service, name);
    return new Promise((resolve, reject) => {
      const call = this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize as (bytes: Buffer) => Response,
        request,
        options,
        (error, value) => {
          if (error === null) resolve(value!);
          else reject(error);
        },
      );
      onStart?.(() => {
        call.cancel();
      });
    });
  }
}

export function decodeSignatureDefMap(bytes: Uint8Array): SignatureDefMap {
  const type = definition['tensorflow.serving.SignatureDefMap'] as MessageTypeDefinition<
    SignatureDefMap,
    SignatureDefMap
  >;
  return type.deserialize(Buffer.from(bytes));
}

export function encodePredictRequest(request: PredictRequest): Buffer {
  return method('tensorflow.serving.PredictionService', 'Predict').requestSerialize(request);
}

/** `CODE details` of a call that must fail. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: number; details: string }> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as ServiceError;
    return { code, details };
  }
  throw new Error('Expected the call to fail but it succeeded');
}

/** A float tensor of rows. */
export function floats(shape: readonly number[], values: readonly number[]): TensorProto {
  return {
    dtype: 'DT_FLOAT',
    tensorShape: { dim: shape.map((size) => ({ size })) },
    tensorContent: Buffer.from(new Float32Array(values).buffer),
  };
}

function method(service: string, name: string): Method {
  return (definition[service] as Record<string, Method>)[name]!;
}
