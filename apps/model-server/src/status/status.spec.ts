import { status } from '@grpc/grpc-js';
import type { GetModelStatusRequest } from '#protos';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf } from '../../test-fixtures/serving-client.js';

let running: RunningServer;

beforeAll(async () => {
  const models = new ModelFolder();
  models.add('half', 5, { 'model.onnx': 'half_plus_two.onnx' });
  running = await runServer(models, {}, ['half']);
});

afterAll(async () => {
  await running.stop();
});

describe('GetModelStatus', () => {
  it.each([
    ['all versions', { name: 'half' }],
    ['one version', { name: 'half', version: { value: 5 } }],
    ['all versions where a label is asked for', { name: 'half', versionLabel: 'stable' }],
  ])('tells of %s', async (_name, modelSpec) => {
    expect(await running.client.getModelStatus({ modelSpec })).toEqual({
      modelVersionStatus: [
        { version: '5', state: 'AVAILABLE', status: { errorCode: 0, errorMessage: '' } },
      ],
    });
  });

  it.each<[name: string, request: GetModelStatusRequest, code: status, details: string]>([
    ['no model spec', {}, status.INVALID_ARGUMENT, 'Missing ModelSpec'],
    [
      'an unknown model',
      { modelSpec: { name: 'nope' } },
      status.NOT_FOUND,
      'Could not find any versions of model nope',
    ],
    [
      'an unknown version',
      { modelSpec: { name: 'half', version: { value: 6 } } },
      status.NOT_FOUND,
      'Could not find version 6 of model half',
    ],
  ])('refuses %s', async (_name, request, code, details) => {
    expect(await failureOf(running.client.getModelStatus(request))).toEqual({ code, details });
  });
});
