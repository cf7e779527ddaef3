import { loadSync } from '@grpc/proto-loader';
import {
  HEALTH_PROTOS,
  PROTO_LOADER_OPTIONS,
  SERVING_PROTOS,
  type GetModelMetadataResponse,
} from './index.js';

const definition = loadSync([...SERVING_PROTOS, ...HEALTH_PROTOS], PROTO_LOADER_OPTIONS);

describe('protos', () => {
  it.each([
    ['tensorflow.serving.PredictionService', 'Predict'],
    ['tensorflow.serving.PredictionService', 'GetModelMetadata'],
    ['tensorflow.serving.ModelService', 'GetModelStatus'],
    ['grpc.health.v1.Health', 'Check'],
    ['grpc.health.v1.Health', 'Watch'],
  ])('%s has %s under its wire path', (service, method) => {
    const methods = definition[service] as Record<string, { path: string }>;
    expect(methods[method]!.path).toBe(`/${service}/${method}`);
  });

  it('keeps a packed Any as type URL and bytes', () => {
    const methods = definition['tensorflow.serving.PredictionService'] as Record<
      string,
      {
        responseSerialize(value: object): Buffer;
        responseDeserialize(bytes: Buffer): GetModelMetadataResponse;
      }
    >;
    const any = { type_url: 'type.googleapis.com/x.Y', value: Buffer.from([1, 2, 3]) };
    const method = methods['GetModelMetadata']!;
    const bytes = method.responseSerialize({ metadata: { signature_def: any } });
    const read = method.responseDeserialize(bytes).metadata!['signature_def']!;
    expect(read.type_url).toBe(any.type_url);
    expect([...read.value!]).toEqual([1, 2, 3]);
  });
});
