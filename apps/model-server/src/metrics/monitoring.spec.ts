import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf, floats } from '../../test-fixtures/serving-client.js';

const x = floats([2, 3], [1, 2, 3, 4, 5, 6]);
let running: RunningServer;

beforeEach(async () => {
  const models = new ModelFolder();
  models.add('half', 7, { 'model.onnx': 'half_plus_two.onnx' });
  running = await runServer(models, { MAX_BATCH_SIZE: 4, MONITORING_PORT: 0 }, ['half']);
});

afterEach(async () => {
  await running.stop();
});

async function scrape(path = '/monitoring/prometheus/metrics'): Promise<Response> {
  return fetch(`http://127.0.0.1:${running.server.monitoringPort}${path}`);
}

describe('the metrics', () => {
  it("have TensorFlow Serving's names and labels, and add up", async () => {
    const half = { modelSpec: { name: 'half' } };
    await running.client.predict({ ...half, inputs: { x } });
    await running.client.predict({ ...half, inputs: { x } });
    await failureOf(running.client.predict({ ...half, inputs: {} }));
    await failureOf(running.client.predict({ modelSpec: { name: 'secret-name' } }));

    const response = await scrape();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const of = 'model_name="half"';
    for (const line of [
      `:tensorflow:serving:request_count{${of},status="OK"} 2`,
      `:tensorflow:serving:request_count{${of},status="INVALID_ARGUMENT"} 1`,
      ':tensorflow:serving:request_count{model_name="unknown",status="NOT_FOUND"} 1',
      `:tensorflow:serving:request_latency_count{${of},API="Predict",entrypoint="GRPC"} 2`,
      `:tensorflow:serving:runtime_latency_count{${of},API="Predict",runtime="ONNX"} 2`,
      ':tensorflow:serving:batching_session:queuing_latency_count{thread_pool_name="half"} 2',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toContain('secret-name');
    const sum = (name: string) => Number(new RegExp(`${name}_sum\\S* (\\S+)`).exec(text)![1]);
    // In microseconds: a run is a part of its request, and neither is a thousand times faster than it can be.
    expect(sum('request_latency')).toBeGreaterThan(sum('runtime_latency'));
    expect(sum('runtime_latency')).toBeGreaterThan(10);
  });

  it('are at that path alone', async () => {
    expect((await scrape('/')).status).toBe(404);
    expect((await scrape('/v1/models/half')).status).toBe(404);
  });
});
