import { status } from '@grpc/grpc-js';
import type { GetModelMetadataRequest } from '#protos';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { decodeSignatureDefMap, failureOf } from '../../test-fixtures/serving-client.js';

let running: RunningServer;

beforeAll(async () => {
  const models = new ModelFolder();
  models.add('half', 3, {
    'model.onnx': 'half_plus_two.onnx',
    'serving_uint8.onnx': 'pixel_sum_uint8.onnx',
  });
  running = await runServer(models, {}, ['half']);
});

afterAll(async () => {
  await running.stop();
});

describe('GetModelMetadata', () => {
  it('packs every signature as a SignatureDefMap', async () => {
    const answer = await running.client.getModelMetadata({
      modelSpec: { name: 'half' },
      metadataField: ['signature_def'],
    });
    expect(answer.modelSpec).toMatchObject({ name: 'half', version: { value: '3' } });
    const any = answer.metadata!['signature_def']!;
    expect(any.type_url).toBe('type.googleapis.com/tensorflow.serving.SignatureDefMap');
    const { signatureDef } = decodeSignatureDefMap(any.value!);
    expect(Object.keys(signatureDef!).sort()).toEqual(['serving_default', 'serving_uint8']);
    expect(signatureDef!['serving_uint8']).toMatchObject({
      methodName: 'tensorflow/serving/predict',
      inputs: {
        pixels: {
          name: 'pixels:0',
          dtype: 'DT_UINT8',
          tensorShape: {
            unknownRank: false,
            dim: [{ size: '-1', name: 'n' }, { size: '2' }, { size: '2' }, { size: '3' }],
          },
        },
      },
      outputs: {
        sum: {
          name: 'sum:0',
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [{ size: '-1', name: 'm' }] },
        },
      },
    });
  });

  const field = ['signature_def'];
  it.each<[name: string, request: GetModelMetadataRequest, code: status, details: string]>([
    ['no model spec', { metadataField: field }, status.INVALID_ARGUMENT, 'Missing ModelSpec'],
    [
      'no field',
      { modelSpec: { name: 'nope' } },
      status.INVALID_ARGUMENT,
      'GetModelMetadataRequest must specify at least one metadata_field',
    ],
    [
      'an unknown field',
      { modelSpec: { name: 'half' }, metadataField: ['signature_def', 'weights'] },
      status.INVALID_ARGUMENT,
      'Metadata field weights is not supported',
    ],
    [
      'no name',
      { modelSpec: {}, metadataField: field },
      status.INVALID_ARGUMENT,
      'ModelSpec has no name specified.',
    ],
    [
      'an unknown model',
      { modelSpec: { name: 'nope' }, metadataField: field },
      status.NOT_FOUND,
      'Servable not found for request: Latest(nope)',
    ],
    [
      'an unknown version',
      { modelSpec: { name: 'half', version: { value: '9007199254740993' } }, metadataField: field },
      status.NOT_FOUND,
      'Servable not found for request: Specific(half, 9007199254740993)',
    ],
    [
      'a label',
      { modelSpec: { name: 'half', versionLabel: 'stable' }, metadataField: field },
      status.INVALID_ARGUMENT,
      'Unrecognized servable version label: stable',
    ],
  ])('refuses %s', async (_name, request, code, details) => {
    expect(await failureOf(running.client.getModelMetadata(request))).toEqual({ code, details });
  });
});
