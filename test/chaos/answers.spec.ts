import { status } from '@grpc/grpc-js';
import { startTestGateway, type Stack } from '../support/stack.js';
import { base64, post, predict } from './asking.js';
import { answering, failing, hanging, honest, late, LyingServer } from './lying-server.js';

let server: LyingServer;
let gateway: Stack;

beforeAll(async () => {
  server = await new LyingServer().start();
  const started = await startTestGateway(server.port, { PREDICT_TIMEOUT_MS: '3000' });
  await started.ready;
  gateway = started;
});

afterAll(async () => {
  server.kill();
  await gateway.close();
});

afterEach(async () => {
  server.behaviour = honest;
  // Whatever it has told before, it is asked again, and believed.
  expect(await predict(gateway.url)).toMatchObject({ status: 200 });
});

const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const with3 = (value: number): number[] => scores.with(3, value);

describe('a model that answers', () => {
  it.each([
    ['NaN', { values: with3(NaN) }],
    ['infinity', { values: with3(Infinity) }],
    ['minus infinity', { values: with3(-Infinity) }],
    ['nine scores', { values: scores.slice(1), shape: [1, 9] }],
    ['two rows', { values: [...scores, ...scores] }],
    ['no rows', { values: [], shape: [0, 10] }],
    ['a column', { values: scores, shape: [10, 1] }],
    ['more than its shape', { values: [...scores, 1], shape: [1, 10] }],
    ['a shape beyond all memory', { values: [1], shape: [2 ** 40, 10] }],
    ['a shape that is negative', { values: scores, shape: [-1, 10] }],
    ['integers', { values: [], shape: [1, 10], dtype: 'DT_INT32' as const, intVal: scores }],
    [
      'texts',
      {
        shape: [1, 10],
        dtype: 'DT_STRING' as const,
        stringVal: scores.map(() => Buffer.from('x')),
      },
    ],
    ['an unknown dtype', { values: scores, dtype: 99 as never }],
    ['bytes that are no floats', { shape: [1, 10], tensorContent: Buffer.alloc(39) }],
    ['another output', { values: scores, alias: 'other' }],
    ['a megabyte for ten scores', { shape: [26_214, 10], tensorContent: Buffer.alloc(1_048_560) }],
  ])('with %s has failed', async (_name, tensor) => {
    server.behaviour = answering(tensor);
    const asked = await predict(gateway.url);
    expect(asked).toMatchObject({ status: 502, code: 'MODEL_FAILED' });
    const batch = await post(gateway.url, '/predict/batch', { images: [{ image: base64 }] });
    expect(batch.text).toContain('MODEL_FAILED');
    expect(batch.text).not.toContain('null');
  });

  it('nothing at all has failed', async () => {
    server.behaviour = (_call, callback) => {
      callback(null, {});
    };
    expect(await predict(gateway.url)).toMatchObject({ status: 502, code: 'MODEL_FAILED' });
  });

  it('what is not finite is never shown as null by the Open Inference Protocol', async () => {
    server.behaviour = answering({ values: with3(NaN) });
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], data: [base64] }];
    for (const outputs of [undefined, [{ name: 'dense_7', parameters: { classification: 2 } }]]) {
      const path = '/v2/models/clothing-model/infer';
      const answer = await post(gateway.url, path, { inputs, outputs });
      expect(answer).toMatchObject({ status: 502, code: 'MODEL_FAILED' });
    }
  });

  it('late, but in time, has answered', async () => {
    server.behaviour = late(300);
    expect(await predict(gateway.url)).toMatchObject({ status: 200 });
  });

  it('too late ends with the deadline, and holds no place any more', async () => {
    server.behaviour = hanging;
    const asked = Array.from({ length: 64 }, () => predict(gateway.url));
    for (const answer of await Promise.all(asked)) {
      expect(answer).toMatchObject({ status: 504, code: 'DEADLINE_EXCEEDED' });
    }
  });

  it.each([
    [status.RESOURCE_EXHAUSTED, 503, 'OVERLOADED', '1'],
    [status.UNAVAILABLE, 503, 'MODEL_UNAVAILABLE', '1'],
    [status.CANCELLED, 503, 'MODEL_UNAVAILABLE', '1'],
    [status.DEADLINE_EXCEEDED, 504, 'DEADLINE_EXCEEDED', null],
    [status.INTERNAL, 502, 'MODEL_FAILED', null],
    [status.UNKNOWN, 502, 'MODEL_FAILED', null],
    [status.DATA_LOSS, 502, 'MODEL_FAILED', null],
    [status.ABORTED, 502, 'MODEL_FAILED', null],
    [status.UNAUTHENTICATED, 502, 'MODEL_FAILED', null],
    [status.PERMISSION_DENIED, 502, 'MODEL_FAILED', null],
  ])('with status %i is told as %i %s', async (code, http, problem, retryAfter) => {
    server.behaviour = failing(code);
    const answer = await predict(gateway.url);
    expect(answer).toMatchObject({ status: http, code: problem, retryAfter });
    expect(answer.text).not.toContain('10.0.0.1');
  });

  it.each([status.INTERNAL, status.RESOURCE_EXHAUSTED, status.DEADLINE_EXCEEDED])(
    'with status %i is not asked again',
    async (code) => {
      server.behaviour = failing(code);
      const before = server.calls;
      await predict(gateway.url);
      expect(server.calls - before).toBe(1);
    },
  );

  it('UNAVAILABLE is asked again twice at most', async () => {
    server.behaviour = failing(status.UNAVAILABLE);
    const before = server.calls;
    await predict(gateway.url);
    expect(server.calls - before).toBe(3);
  });
});
