import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { eventually, runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf, floats } from '../../test-fixtures/serving-client.js';

const PLUS_TWO = { 'model.onnx': 'half_plus_two.onnx' };
const PLUS_THREE = { 'model.onnx': 'half_plus_three.onnx' };

let running: RunningServer;

beforeEach(async () => {
  const models = new ModelFolder();
  models.add('half', 1, PLUS_TWO);
  running = await runServer(models, { MAX_BATCH_SIZE: 1 }, ['half']);
});

afterEach(async () => {
  await running.stop();
});

/** The offset and the version that answer. */
async function ask(): Promise<string> {
  const { outputs, modelSpec } = await running.client.predict({
    modelSpec: { name: 'half' },
    inputs: { x: floats([1, 3], [0, 0, 0]) },
  });
  return `${modelSpec!.version!.value} adds ${outputs!['y']!.floatVal![0]}`;
}

const statesBecome = (...states: string[]) =>
  eventually(async () => String(await running.client.states('half')) === String(states));

const faultOf = async (version: number) => {
  const { modelVersionStatus } = await running.client.getModelStatus({
    modelSpec: { name: 'half', version: { value: version } },
  });
  return modelVersionStatus![0]!;
};

describe('a newer version', () => {
  it('takes over under load without a failed call', async () => {
    const answers = new Set<string>();
    let stop = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!stop) answers.add(await ask());
    });
    running.models.add('half', 2, PLUS_THREE);
    await statesBecome('2 AVAILABLE', '1 END');
    stop = true;
    await Promise.all(load);
    expect([...answers]).toEqual(['1 adds 2', '2 adds 3']);
  });

  it('leaves the calls in flight, running and waiting, to the one before it', async () => {
    running.models.add('slow', 1, { 'model.onnx': 'slow.onnx' });
    await eventually(async () => (await running.client.health('slow')) === 'SERVING');
    const slow = async () => {
      const { modelSpec } = await running.client.predict({
        modelSpec: { name: 'slow' },
        inputs: { x: floats([1, 1], [1]) },
      });
      return modelSpec!.version!.value;
    };
    const calls = Array.from({ length: 20 }, slow);
    running.models.add('slow', 2, { 'model.onnx': 'slow.onnx' });
    await eventually(async () => (await running.client.states('slow'))[0] === '2 AVAILABLE');
    expect(await slow()).toBe('2');
    expect(await Promise.all(calls)).toEqual(Array<string>(20).fill('1'));
  });

  it('is compared as a number, with or without leading zeros', async () => {
    running.models.add('half', '0010', PLUS_THREE);
    await statesBecome('10 AVAILABLE', '1 END');
    running.models.add('half', 9, PLUS_TWO);
    running.models.add('half', 'v11', PLUS_TWO);
    running.models.add('half', '9223372036854775808', PLUS_TWO);
    await sleep(300);
    expect(await running.client.states('half')).toEqual(['10 AVAILABLE', '1 END']);
    running.models.add('half', '9223372036854775807', PLUS_TWO);
    await statesBecome('9223372036854775807 AVAILABLE', '10 END', '1 END');
  });

  it('leaves only itself to be asked for by number', async () => {
    running.models.add('half', 2, PLUS_THREE);
    await statesBecome('2 AVAILABLE', '1 END');
    const call = running.client.predict({
      modelSpec: { name: 'half', version: { value: 1 } },
      inputs: { x: floats([1, 3], [0, 0, 0]) },
    });
    expect(await failureOf(call)).toEqual({
      code: status.NOT_FOUND,
      details: 'Servable not found for request: Specific(half, 1)',
    });
  });

  it.each([
    ['no model', 'notes.txt', 'model.onnx is missing'],
    ['no graph', 'model.onnx', 'ModelProto does not have a graph.'],
  ])('of %s tells why and leaves the older one', async (_name, file, fault) => {
    const folder = running.models.versionPath('half', 2);
    mkdirSync(folder);
    writeFileSync(join(folder, file), '');
    await statesBecome('2 END', '1 AVAILABLE');
    const { status: told } = await faultOf(2);
    expect(told!.errorCode).toBe(status.UNKNOWN);
    expect(told!.errorMessage).toContain(fault);
    expect(await ask()).toBe('1 adds 2');
  });

  it('that is broken loads once its files are mended', async () => {
    const folder = running.models.add('half', 2, { 'model.onnx': 'external_data.onnx' });
    await statesBecome('2 END', '1 AVAILABLE');
    expect((await faultOf(2)).status!.errorMessage).toContain('external_data.bin');
    copyFileSync(
      join(import.meta.dirname, '../../test-fixtures/half_plus_three.onnx'),
      join(folder, 'model.onnx'),
    );
    await statesBecome('2 AVAILABLE', '1 END');
    expect(await ask()).toBe('2 adds 3');
    expect((await faultOf(2)).status).toMatchObject({ errorCode: status.OK, errorMessage: '' });
  });
});

describe('a folder that is removed', () => {
  it('hands back to the older version that is still there', async () => {
    running.models.add('half', 2, PLUS_THREE);
    await statesBecome('2 AVAILABLE', '1 END');
    running.models.remove('half', 2);
    await statesBecome('2 END', '1 AVAILABLE');
    expect(await ask()).toBe('1 adds 2');
  });

  it('leaves nothing to serve when it was the last', async () => {
    running.models.remove('half');
    await statesBecome('1 END');
    expect(await failureOf(ask())).toEqual({
      code: status.NOT_FOUND,
      details: 'Servable not found for request: Latest(half)',
    });
  });

  it('is not the base path: losing sight of that unloads nothing', async () => {
    const { path } = running.models;
    renameSync(path, `${path}-away`);
    await sleep(300);
    expect(await ask()).toBe('1 adds 2');
    renameSync(`${path}-away`, path);
  });
});

describe('a model that appears later', () => {
  it('is served', async () => {
    running.models.add('late', 1, { 'model.onnx': 'fixed_batch.onnx' });
    await eventually(async () => (await running.client.health('late')) === 'SERVING');
    expect(await running.client.states('late')).toEqual(['1 AVAILABLE']);
  });

  it('is not one without any model.onnx', async () => {
    running.models.add('saved-model', 1, { 'saved_model.pb': 'total.onnx' });
    await sleep(300);
    expect(await failureOf(running.client.states('saved-model'))).toEqual({
      code: status.NOT_FOUND,
      details: 'Could not find any versions of model saved-model',
    });
  });
});
