import { status } from '@grpc/grpc-js';
import type { TensorProto } from '#protos';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { encodePredictRequest, failureOf } from '../../test-fixtures/serving-client.js';
import { isAffordable, PREDICT_REQUEST } from './message-budget.js';

/** A length-delimited field. */
function field(number: number, content: Buffer): Buffer {
  const header = [(number << 3) | 2];
  let { length } = content;
  for (; length > 0x7f; length >>>= 7) header.push((length & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...header, length]), content]);
}

const repeated = (number: number, content: Buffer, times: number) =>
  Buffer.alloc(field(number, content).length * times, field(number, content));
const input = (tensor: Buffer) =>
  field(2, Buffer.concat([field(1, Buffer.from('x')), field(2, tensor)]));
const empty = Buffer.alloc(0);

/** Each takes gigabytes to decode, from a message that the server's limit lets through. */
const HOSTILE: [name: string, message: Buffer][] = [
  ['a million inputs', repeated(2, field(1, Buffer.from('abc')), 1_000_000)],
  ['a million empty inputs', repeated(2, empty, 1_000_000)],
  ['a million output names', repeated(3, empty, 1_000_000)],
  ['a million dimensions', input(field(2, repeated(2, empty, 1_000_000)))],
  ['a million strings', input(repeated(8, empty, 1_000_000))],
  ['thirty million packed bools', input(field(11, Buffer.alloc(30_000_000)))],
  ['three million 64-bit integers', input(field(10, Buffer.alloc(3_000_000)))],
  ['twenty million unpacked integers', input(Buffer.alloc(40_000_000, Buffer.from([7 << 3, 1])))],
];

describe('a request’s budget', () => {
  it.each(HOSTILE)('does not afford %s', (_name, message) => {
    expect(isAffordable(message, PREDICT_REQUEST)).toBe(false);
  });

  const pictures = 299 * 299 * 3;
  it.each<[name: string, tensor: TensorProto]>([
    ['tensor_content', { tensorContent: Buffer.alloc(pictures * 4) }],
    ['float_val', { floatVal: new Array<number>(pictures).fill(0.5) }],
    ['int_val', { intVal: new Array<number>(pictures).fill(255) }],
    ['string_val', { stringVal: new Array<Buffer>(1000).fill(Buffer.alloc(100)) }],
  ])('affords pictures in %s', (_name, tensor) => {
    const message = encodePredictRequest({ modelSpec: { name: 'm' }, inputs: { x: tensor } });
    expect(isAffordable(message, PREDICT_REQUEST)).toBe(true);
  });

  it('leaves a malformed message to the decoder', () => {
    expect(isAffordable(Buffer.from([0x12, 0xff, 0xff, 0xff, 0x0f]), PREDICT_REQUEST)).toBe(true);
    expect(isAffordable(Buffer.alloc(30, 0xff), PREDICT_REQUEST)).toBe(true);
  });
});

describe('a server that is sent hostile messages', () => {
  let running: RunningServer;
  const path = '/tensorflow.serving.PredictionService/Predict';

  beforeAll(async () => {
    const models = new ModelFolder();
    models.add('half', 1, { 'model.onnx': 'half_plus_two.onnx' });
    running = await runServer(models, {}, ['half']);
  });

  afterAll(async () => {
    await running.stop();
  });

  it('refuses them and goes on serving', async () => {
    for (const [, message] of HOSTILE) {
      expect(await failureOf(running.client.raw(path, message))).toEqual({
        code: status.INVALID_ARGUMENT,
        details: 'Request is too complex to read: it holds too many elements',
      });
    }
    const malformed = [
      Buffer.alloc(1000, 0xff),
      Buffer.from([0x12, 0x05]),
      input(field(2, Buffer.from([0x12, 9]))),
    ];
    for (const message of malformed) {
      expect((await failureOf(running.client.raw(path, message))).code).toBe(status.INTERNAL);
    }
    expect(await running.client.health('half')).toBe('SERVING');
  });
});
