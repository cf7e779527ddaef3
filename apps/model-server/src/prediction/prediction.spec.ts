import { status } from '@grpc/grpc-js';
import type { PredictRequest, TensorProto } from '#protos';
import { ModelFolder } from '../../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../../test-fixtures/running-server.js';
import { failureOf, floats } from '../../test-fixtures/serving-client.js';

let running: RunningServer;

beforeAll(async () => {
  const models = new ModelFolder();
  models.add('half', 7, {
    'model.onnx': 'half_plus_two.onnx',
    'serving_uint8.onnx': 'pixel_sum_uint8.onnx',
  });
  models.add('pair', 1, { 'model.onnx': 'sum_and_difference.onnx' });
  models.add('float16', 1, { 'model.onnx': 'double_float16.onnx' });
  models.add('text', 1, { 'model.onnx': 'identity_string.onnx' });
  models.add('numeric', 1, { 'model.onnx': 'identity_numeric.onnx' });
  models.add('fixed', 1, { 'model.onnx': 'fixed_batch.onnx' });
  models.add('total', 1, { 'model.onnx': 'total.onnx' });
  models.add('rows', 1, { 'model.onnx': 'rows_of_three.onnx' });
  models.add('external', 1, {
    'model.onnx': 'external_data.onnx',
    'external_data.bin': 'external_data.bin',
  });
  const names = 'half pair float16 text numeric fixed total rows external'.split(' ');
  running = await runServer(models, { MAX_BATCH_SIZE: 4 }, names);
});

afterAll(async () => {
  await running.stop();
});

const half = (inputs: Record<string, TensorProto>, rest: Partial<PredictRequest> = {}) =>
  running.client.predict({ modelSpec: { name: 'half' }, inputs, ...rest });

describe('Predict', () => {
  it('answers floats in float_val, with the version and signature that answered', async () => {
    const answer = await half({ x: floats([2, 3], [1, 2, 3, 4, 5, 6]) });
    expect(answer.modelSpec).toMatchObject({
      name: 'half',
      version: { value: '7' },
      signatureName: 'serving_default',
    });
    expect(answer.outputs!['y']).toMatchObject({
      dtype: 'DT_FLOAT',
      tensorShape: { dim: [{ size: '2' }, { size: '3' }] },
      floatVal: [2.5, 3, 3.5, 4, 4.5, 5],
    });
    expect(answer.outputs!['y']!.tensorContent).toHaveLength(0);
  });

  it('answers a specific version that is loaded', async () => {
    const modelSpec = { name: 'half', version: { value: 7 } };
    const answer = await half({ x: floats([1, 3], [0, 0, 0]) }, { modelSpec });
    expect(answer.outputs!['y']!.floatVal).toEqual([2, 2, 2]);
  });

  it('answers a signature of a file of its own', async () => {
    const answer = await half(
      {
        pixels: {
          dtype: 'DT_UINT8',
          tensorShape: { dim: [{ size: 2 }, { size: 2 }, { size: 2 }, { size: 3 }] },
          tensorContent: Buffer.from([
            ...new Array<number>(12).fill(255),
            ...new Array<number>(12).fill(1),
          ]),
        },
      },
      { modelSpec: { name: 'half', signatureName: 'serving_uint8' } },
    );
    expect(answer.modelSpec!.signatureName).toBe('serving_uint8');
    expect(answer.outputs!['sum']!.floatVal).toEqual([3060, 12]);
  });

  it('takes elements from float_val and repeats the last one, as TensorFlow does', async () => {
    const tensorShape = { dim: [{ size: 1 }, { size: 3 }] };
    const answer = await half({ x: { dtype: 'DT_FLOAT', tensorShape, floatVal: [4, 2] } });
    expect(answer.outputs!['y']!.floatVal).toEqual([4, 3, 3]);
  });

  it('answers only the outputs that are asked for', async () => {
    const inputs = { a: floats([1, 2], [5, 6]), b: floats([1, 2], [1, 1]) };
    const modelSpec = { name: 'pair' };
    const both = await running.client.predict({ modelSpec, inputs });
    expect(Object.keys(both.outputs!).sort()).toEqual(['difference', 'sum']);
    const one = await running.client.predict({ modelSpec, inputs, outputFilter: ['difference'] });
    expect(Object.keys(one.outputs!)).toEqual(['difference']);
    expect(one.outputs!['difference']!.floatVal).toEqual([4, 5]);
  });

  it('carries float16 as its bits', async () => {
    const answer = await running.client.predict({
      modelSpec: { name: 'float16' },
      inputs: {
        x: {
          dtype: 'DT_HALF',
          tensorShape: { dim: [{ size: 1 }, { size: 2 }] },
          halfVal: [0x3c00, 0x4000],
        },
      },
    });
    expect(answer.outputs!['y']).toMatchObject({ dtype: 'DT_HALF', halfVal: [0x4000, 0x4400] });
  });

  it('carries text as bytes', async () => {
    const stringVal = [Buffer.from('naïve'), Buffer.from('')];
    const answer = await running.client.predict({
      modelSpec: { name: 'text' },
      inputs: { text: { dtype: 'DT_STRING', tensorShape: { dim: [{ size: 2 }] }, stringVal } },
    });
    expect(
      answer.outputs!['same']!.stringVal!.map((bytes) => Buffer.from(bytes).toString()),
    ).toEqual(['naïve', '']);
  });

  it('carries every other numeric dtype at its extremes', async () => {
    const tensorShape = { dim: [{ size: 1 }, { size: 2 }] };
    const values: Record<string, TensorProto> = {
      double: { dtype: 'DT_DOUBLE', doubleVal: [0.1, -1e300] },
      int8: { dtype: 'DT_INT8', intVal: [-128, 127] },
      int16: { dtype: 'DT_INT16', intVal: [-32768, 32767] },
      int32: { dtype: 'DT_INT32', intVal: [-2147483648, 2147483647] },
      int64: { dtype: 'DT_INT64', int64Val: ['-9223372036854775808', '9223372036854775807'] },
      uint8: { dtype: 'DT_UINT8', intVal: [0, 255] },
      uint16: { dtype: 'DT_UINT16', intVal: [0, 65535] },
      uint32: { dtype: 'DT_UINT32', uint32Val: [0, 4294967295] },
      uint64: { dtype: 'DT_UINT64', uint64Val: ['0', '18446744073709551615'] },
      bool: { dtype: 'DT_BOOL', boolVal: [true, false] },
    };
    const { outputs } = await running.client.predict({
      modelSpec: { name: 'numeric' },
      inputs: Object.fromEntries(
        Object.entries(values).map(([type, value]) => [`in_${type}`, { ...value, tensorShape }]),
      ),
    });
    for (const [type, value] of Object.entries(values)) {
      expect(outputs![`out_${type}`]).toMatchObject(value);
    }
  });

  it('reads weights from files beside the model', async () => {
    const answer = await running.client.predict({
      modelSpec: { name: 'external' },
      inputs: { x: floats([1, 512], new Array<number>(512).fill(1)) },
    });
    expect(answer.outputs!['y']!.floatVal!.slice(0, 3)).toEqual([1, 2, 3]);
    expect(answer.outputs!['y']!.floatVal!.at(-1)).toBe(512);
  });

  it('serves a model of a fixed batch', async () => {
    const answer = await running.client.predict({
      modelSpec: { name: 'fixed' },
      inputs: { x: floats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]) },
    });
    expect(answer.outputs!['y']!.floatVal).toEqual([-1, -2, -3, -4, -5, -6, -7, -8]);
  });

  it('serves an output that has no rows', async () => {
    const answer = await running.client.predict({
      modelSpec: { name: 'total' },
      inputs: { x: floats([2, 2], [1, 2, 3, 4]) },
    });
    expect(answer.outputs!['total']).toMatchObject({ tensorShape: { dim: [] }, floatVal: [10] });
  });

  it('answers an empty batch with no rows', async () => {
    const answer = await half({ x: floats([0, 3], []) });
    expect(answer.outputs!['y']).toMatchObject({
      tensorShape: { dim: [{ size: '0' }, { size: '3' }] },
      floatVal: [],
    });
  });

  it.each([2 ** 25, 2 ** 28, 2 ** 31 - 1])(
    'takes no memory for an empty batch of rows of %i, which no message holds',
    async (size) => {
      const inputs = { x: floats([0, size], []) };
      const asked = running.client.predict({ modelSpec: { name: 'rows' }, inputs });
      expect(await failureOf(asked)).toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: 'Request is too complex to read: a row of x takes more than 67108864 bytes',
      });
    },
  );

  it('answers more rows than one run takes', async () => {
    const values = Array.from({ length: 30 }, (_, index) => index);
    const answer = await half({ x: floats([10, 3], values) });
    expect(answer.outputs!['y']!.tensorShape!.dim).toMatchObject([{ size: '10' }, { size: '3' }]);
    expect(answer.outputs!['y']!.floatVal).toEqual(values.map((value) => value / 2 + 2));
  });

  it('reads a message as large as 32 pictures of 299×299 in float32', async () => {
    const rows = (32 * 299 * 299 * 3) / 3;
    const inputs = { x: { ...floats([rows, 3], []), tensorContent: Buffer.alloc(rows * 12) } };
    // Answering that many rows is beside the point: the version is one that is not there.
    const request = { modelSpec: { name: 'half', version: { value: 8 } }, inputs };
    expect(await failureOf(running.client.predict(request))).toMatchObject({
      code: status.NOT_FOUND,
    });
  });
});

const x = floats([1, 3], [1, 2, 3]);
const spec = (rest: object) => ({ modelSpec: { name: 'half', ...rest } });
const shaped = (...sizes: (number | string)[]): TensorProto => ({
  ...x,
  tensorShape: { dim: sizes.map((size) => ({ size })) },
});

describe('Predict refuses as TensorFlow Serving', () => {
  it.each<[name: string, request: PredictRequest, code: status, details: string]>([
    ['no model spec', { inputs: { x } }, status.INVALID_ARGUMENT, 'Missing ModelSpec'],
    [
      'no model name',
      { modelSpec: { signatureName: 's' }, inputs: { x } },
      status.INVALID_ARGUMENT,
      'ModelSpec has no name specified.',
    ],
    [
      'an unknown model',
      { modelSpec: { name: 'nope' }, inputs: { x } },
      status.NOT_FOUND,
      'Servable not found for request: Latest(nope)',
    ],
    [
      'a version that is not loaded',
      { ...spec({ version: { value: 5 } }), inputs: { x } },
      status.NOT_FOUND,
      'Servable not found for request: Specific(half, 5)',
    ],
    [
      'a version label',
      { ...spec({ versionLabel: 'canary' }), inputs: { x } },
      status.INVALID_ARGUMENT,
      'Unrecognized servable version label: canary',
    ],
    [
      'an unknown signature',
      { ...spec({ signatureName: 'classify' }), inputs: { x } },
      status.FAILED_PRECONDITION,
      'Serving signature key "classify" not found.',
    ],
    [
      'an input too many',
      { ...spec({}), inputs: { x, b: x } },
      status.INVALID_ARGUMENT,
      'input size does not match signature: 2!=1 len({b,x}) != len({x}). Sent extra: {b}. Missing but required: {}.',
    ],
    [
      'no inputs',
      { ...spec({}) },
      status.INVALID_ARGUMENT,
      'input size does not match signature: 0!=1 len({}) != len({x}). Sent extra: {}. Missing but required: {x}.',
    ],
    [
      'another input',
      { ...spec({}), inputs: { b: x } },
      status.INVALID_ARGUMENT,
      'Signature input alias: x(feed name: x:0) not found in request and no default value provided. Inputs expected to be in the request {b}, or default input alias set: ',
    ],
    [
      'an unknown output',
      { ...spec({}), inputs: { x }, outputFilter: ['z'] },
      status.INVALID_ARGUMENT,
      'output tensor alias not found in signature: z Outputs expected to be in the set {y}.',
    ],
    [
      'a repeated output',
      { ...spec({}), inputs: { x }, outputFilter: ['y', 'y'] },
      status.INVALID_ARGUMENT,
      'duplicate output tensor alias: y',
    ],
    [
      'another dtype',
      {
        ...spec({}),
        inputs: { x: { ...shaped(1, 3), dtype: 'DT_UINT8', tensorContent: Buffer.alloc(3) } },
      },
      status.INVALID_ARGUMENT,
      'Expects arg[0] to be float but uint8 is provided',
    ],
    [
      'text for numbers',
      {
        ...spec({}),
        inputs: { x: { dtype: 'DT_STRING', tensorShape: {}, stringVal: [Buffer.from('1')] } },
      },
      status.INVALID_ARGUMENT,
      'Expects arg[0] to be float but string is provided',
    ],
    [
      'another size',
      { ...spec({}), inputs: { x: floats([1, 4], [1, 2, 3, 4]) } },
      status.INVALID_ARGUMENT,
      'Expects arg[0] (x) to have shape [?,3] but [1,4] is provided',
    ],
    [
      'another rank',
      { ...spec({}), inputs: { x: floats([3], [1, 2, 3]) } },
      status.INVALID_ARGUMENT,
      'Expects arg[0] (x) to have shape [?,3] but [3] is provided',
    ],
    [
      'a scalar',
      { ...spec({}), inputs: { x: floats([], [1]) } },
      status.INVALID_ARGUMENT,
      'Expects arg[0] (x) to have shape [?,3] but [] is provided',
    ],
    [
      'a batch other than the fixed one',
      { modelSpec: { name: 'fixed' }, inputs: { x: floats([2, 2], [1, 2, 3, 4]) } },
      status.INVALID_ARGUMENT,
      'Expects arg[0] (x) to have shape [4,2] but [2,2] is provided',
    ],
    [
      'an empty size that is not the batch',
      { modelSpec: { name: 'rows' }, inputs: { x: floats([1, 0], []) } },
      status.INVALID_ARGUMENT,
      'Expects arg[0] (x) to have shape [?,?] but [1,0] is provided',
    ],
    [
      'inputs of unequal batches',
      {
        modelSpec: { name: 'pair' },
        inputs: { a: floats([1, 2], [1, 2]), b: floats([2, 2], [1, 2, 3, 4]) },
      },
      status.INVALID_ARGUMENT,
      'Batching session Run() input tensors must have equal 0th-dimension size',
    ],
    ...(
      [
        ['too few bytes', { ...x, tensorContent: Buffer.alloc(11) }],
        ['too many bytes', { ...x, tensorContent: Buffer.alloc(16) }],
        ['an unknown dtype', { ...x, dtype: 99 }],
        ['no dtype', { ...x, dtype: 'DT_INVALID' }],
        ['a dtype that is not carried', { ...x, dtype: 'DT_COMPLEX64' }],
        ['10^12 rows', shaped('1000000000000', 3)],
        ['10^12 rows without content', { ...shaped('1000000000000', 3), tensorContent: undefined }],
        ['more elements than can be counted', shaped('9223372036854775807', 3)],
        ['a negative size', shaped(-1, 3)],
        ['an unknown rank', { ...x, tensorShape: { unknownRank: true } }],
        ['300 dimensions', shaped(...new Array<number>(300).fill(1))],
        [
          'more values than elements',
          { ...shaped(1, 3), tensorContent: undefined, floatVal: [1, 2, 3, 4] },
        ],
        ['nothing at all', {}],
      ] as [string, TensorProto][]
    ).map(([name, tensor]): [string, PredictRequest, status, string] => [
      `a tensor of ${name}`,
      { ...spec({}), inputs: { x: tensor } },
      status.INVALID_ARGUMENT,
      'tensor parsing error: x',
    ]),
    [
      'text that is not UTF-8',
      {
        modelSpec: { name: 'text' },
        inputs: {
          text: {
            dtype: 'DT_STRING',
            tensorShape: { dim: [{ size: 1 }] },
            stringVal: [Buffer.from([0xff, 0xd8])],
          },
        },
      },
      status.INVALID_ARGUMENT,
      'Expects text to hold UTF-8 text without NUL',
    ],
    [
      'text with a NUL, at which the runtime would cut it',
      {
        modelSpec: { name: 'text' },
        inputs: {
          text: {
            dtype: 'DT_STRING',
            tensorShape: { dim: [{ size: 1 }] },
            stringVal: [Buffer.from('a\0b')],
          },
        },
      },
      status.INVALID_ARGUMENT,
      'Expects text to hold UTF-8 text without NUL',
    ],
  ])('%s', async (_name, request, code, details) => {
    expect(await failureOf(running.client.predict(request))).toEqual({ code, details });
  });

  it('values that the model itself refuses', async () => {
    const call = running.client.predict({
      modelSpec: { name: 'rows' },
      inputs: { x: floats([4, 1], [1, 2, 3, 4]) },
    });
    const { code, details } = await failureOf(call);
    expect(code).toBe(status.INVALID_ARGUMENT);
    expect(details).toContain('cannot be reshaped');
    expect(details).not.toContain('/onnxruntime');
  });

  it('with a text short enough to be sent, whatever a name holds', async () => {
    const name = '\ud800é\n'.repeat(100_000);
    const { code, details } = await failureOf(running.client.predict({ modelSpec: { name } }));
    expect(code).toBe(status.NOT_FOUND);
    expect(details.length).toBeLessThan(3000);
  });

  it.each(['Classify', 'Regress', 'MultiInference'])('%s, which is not served', async (method) => {
    const path = `/tensorflow.serving.PredictionService/${method}`;
    const { code } = await failureOf(running.client.raw(path, Buffer.alloc(0)));
    expect(code).toBe(status.UNIMPLEMENTED);
  });
});
