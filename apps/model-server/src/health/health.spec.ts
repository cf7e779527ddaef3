import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import type { HealthCheckResponse } from '#protos';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { eventually, runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf, floats } from '../../test-fixtures/serving-client.js';

let running: RunningServer;

afterEach(async () => {
  await running.stop();
});

const becomes = (service: string, wanted: string) =>
  eventually(async () => (await running.client.health(service)) === wanted);

describe('the server', () => {
  it('is not serving until its models are loaded', async () => {
    const models = new ModelFolder();
    running = await runServer(models);
    expect(await running.client.health()).toBe('NOT_SERVING');
    models.add('half', 1, { 'model.onnx': 'half_plus_two.onnx' });
    await becomes('', 'SERVING');
    expect(await running.client.health('half')).toBe('SERVING');
    expect(await running.client.health('tensorflow.serving.PredictionService')).toBe('SERVING');
  });

  it('serves with one model broken, which is told by its name', async () => {
    const models = new ModelFolder();
    models.add('half', 1, { 'model.onnx': 'half_plus_two.onnx' });
    mkdirSync(models.versionPath('broken', 1), { recursive: true });
    writeFileSync(join(models.versionPath('broken', 1), 'model.onnx'), 'no model');
    running = await runServer(models, {}, ['half', '']);
    expect(await running.client.health('broken')).toBe('NOT_SERVING');
  });

  it('is not serving once its last model is gone', async () => {
    const models = new ModelFolder();
    models.add('half', 1, { 'model.onnx': 'half_plus_two.onnx' });
    running = await runServer(models, {}, ['half', '']);
    models.remove('half');
    await becomes('', 'NOT_SERVING');
    expect(await running.client.health('half')).toBe('NOT_SERVING');
  });

  it('knows no other service', async () => {
    running = await runServer(new ModelFolder());
    expect(await failureOf(running.client.health('nope'))).toEqual({
      code: status.NOT_FOUND,
      details: 'unknown service',
    });
  });

  it('tells watchers of each change, and ends their watch when it closes', async () => {
    const models = new ModelFolder();
    running = await runServer(models);
    const told: Record<string, (string | undefined)[]> = { '': [], half: [] };
    const watches = Object.entries(told).map(([service, statuses]) => {
      const watch = running.client.watchHealth(service);
      watch.on('data', ({ status }: HealthCheckResponse) => statuses.push(status));
      return once(watch, 'end');
    });
    await eventually(() => Promise.resolve(told['half']!.length === 1));
    models.add('half', 1, { 'model.onnx': 'half_plus_two.onnx' });
    await becomes('', 'SERVING');
    await running.server.close();
    await Promise.all(watches);
    expect(told['']).toEqual(['NOT_SERVING', 'SERVING', 'NOT_SERVING']);
    expect(told['half']!.at(0)).toBe('SERVICE_UNKNOWN');
    expect(told['half']!.slice(-2)).toEqual(['SERVING', 'NOT_SERVING']);
  });
});

describe('closing', () => {
  it('answers the calls in flight, waiting and running, and no others', async () => {
    const models = new ModelFolder();
    models.add('slow', 1, { 'model.onnx': 'slow.onnx' });
    running = await runServer(models, { MAX_BATCH_SIZE: 1 }, ['slow']);
    const ask = () =>
      running.client.predict({ modelSpec: { name: 'slow' }, inputs: { x: floats([1, 1], [5]) } });
    const answers = [ask(), ask(), ask()];
    await eventually(() => Promise.resolve(running.runs.length === 1));
    const closing = running.server.close();
    for (const { outputs } of await Promise.all(answers)) {
      expect(outputs!['y']!.floatVal).toEqual([5]);
    }
    await closing;
    expect((await failureOf(ask())).code).toBe(status.UNAVAILABLE);
  });

  it('tells NOT_SERVING for as long as it still takes calls', async () => {
    const models = new ModelFolder();
    models.add('half', 1, { 'model.onnx': 'half_plus_two.onnx' });
    running = await runServer(models, { SHUTDOWN_DELAY_MS: 1000 }, ['half', '']);
    const closing = running.server.close();
    expect(await running.client.health()).toBe('NOT_SERVING');
    expect(await running.client.health('half')).toBe('NOT_SERVING');
    const { outputs } = await running.client.predict({
      modelSpec: { name: 'half' },
      inputs: { x: floats([1, 3], [0, 0, 0]) },
    });
    expect(outputs!['y']!.floatVal).toEqual([2, 2, 2]);
    await closing;
  });
});
