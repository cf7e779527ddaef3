import { gradientJpeg, gradientPng } from '../support/images.js';
import { startStack, type Stack } from '../support/stack.js';

const MODEL = '/v2/models/clothing-model';
const ALIAS = 'dense_7';

let stack: Stack;
let jpeg: Buffer;
let png: Buffer;

beforeAll(async () => {
  jpeg = await gradientJpeg();
  png = await gradientPng();
  stack = await startStack({ BATCH_MAX_IMAGES: '4', IMAGE_MAX_BYTES: '500000' });
});

afterAll(async () => {
  await stack.close();
});

const get = (path: string) => fetch(new URL(path, stack.url));

function post(body: string | Buffer, headers: Record<string, string>, path = `${MODEL}/infer`) {
  return fetch(new URL(path, stack.url), { method: 'POST', headers, body });
}

interface Answer {
  readonly id?: string;
  readonly model_name: string;
  readonly model_version: string;
  readonly outputs: {
    readonly name: string;
    readonly datatype: string;
    readonly shape: number[];
    readonly data: (number | string)[];
    readonly parameters?: { readonly binary_data_size: number };
  }[];
}

const inJson = (...images: Buffer[]) => ({
  name: 'image',
  datatype: 'BYTES',
  shape: [images.length],
  data: images.map((image) => image.toString('base64')),
});

const infer = (body: unknown, path?: string) =>
  post(JSON.stringify(body), { 'content-type': 'application/json' }, path);

async function answerOf(response: Response): Promise<Answer> {
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

function inBinary(...images: Buffer[]): Buffer {
  return Buffer.concat(
    images.flatMap((image) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(image.length);
      return [length, image];
    }),
  );
}

const binaryInput = (binary: Buffer, count: number) => ({
  name: 'image',
  datatype: 'BYTES',
  shape: [count],
  parameters: { binary_data_size: binary.length },
});

function inferBinary(body: unknown, binary: Buffer, jsonLength?: string): Promise<Response> {
  const json = Buffer.from(JSON.stringify(body));
  return post(Buffer.concat([json, binary]), {
    'inference-header-content-length': jsonLength ?? String(json.length),
  });
}

describe('/v2', () => {
  it('tells what it is', async () => {
    expect(await (await get('/v2')).json()).toEqual({
      name: 'image-classification-gateway',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      extensions: ['classification', 'binary_tensor_data'],
    });
  });

  it.each([
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    [`${MODEL}/ready`, { name: 'clothing-model', ready: true }],
    [`${MODEL}/versions/1/ready`, { name: 'clothing-model', ready: true }],
    [
      MODEL,
      {
        name: 'clothing-model',
        versions: ['1'],
        platform: 'tensorflow_serving',
        inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
        outputs: [{ name: ALIAS, datatype: 'FP32', shape: [-1, 10] }],
      },
    ],
  ])('%s answers %j', async (path, answer) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(answer);
  });

  it.each([
    '/v2/models/other',
    '/v2/models/other/ready',
    `${MODEL}/versions/7`,
    `${MODEL}/versions/7/ready`,
    `${MODEL}/versions/x/ready`,
  ])('%s is not found', async (path) => {
    const problem = (await (await get(path)).json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status: 404, code: 'MODEL_NOT_FOUND' });
    expect(problem['error']).toBe(problem['detail']);
  });

  it("answers the model's raw output, of which /predict makes probabilities", async () => {
    const response = await infer({ id: 'my id', inputs: [inJson(jpeg, png)] });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { outputs, ...head } = await answerOf(response);
    expect(head).toEqual({ id: 'my id', model_name: 'clothing-model', model_version: '1' });
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toMatchObject({ name: ALIAS, datatype: 'FP32', shape: [2, 10] });
    const v1 = await post(
      JSON.stringify({
        instances: [jpeg, png].map((image) => ({ b64: image.toString('base64') })),
      }),
      {},
      '/v1/models/clothing-model:predict',
    );
    const { predictions } = (await v1.json()) as { predictions: number[][] };
    expectClose(outputs[0]!.data as number[], predictions.flat());
  });

  it.each([`${MODEL}/infer`, `${MODEL}/versions/1/infer`])(
    'takes a shape with a second dimension of one at %s',
    async (path) => {
      const { data, ...input } = inJson(jpeg, png);
      const expected = await answerOf(await infer({ inputs: [inJson(jpeg, png)] }));
      for (const nested of [data, data.map((image) => [image])]) {
        const inputs = [{ ...input, shape: [2, 1], data: nested }];
        const { outputs } = await answerOf(await infer({ inputs }, path));
        expectClose(outputs[0]!.data as number[], expected.outputs[0]!.data as number[]);
      }
    },
  );

  it('answers the best classes where that is asked for', async () => {
    const inputs = [inJson(jpeg, png)];
    const raw = (await answerOf(await infer({ inputs }))).outputs[0]!.data as number[];
    const outputs = [{ name: ALIAS, parameters: { classification: 3 } }];
    const answer = (await answerOf(await infer({ inputs, outputs }))).outputs[0]!;
    expect(answer).toMatchObject({ name: ALIAS, datatype: 'BYTES', shape: [2, 3] });
    const best = raw
      .slice(0, 10)
      .map((value, index) => ({ value, index }))
      .sort((a, b) => b.value - a.value);
    for (const [rank, element] of (answer.data as string[]).slice(0, 3).entries()) {
      const [value, index, label] = element.split(':');
      expect(value).toMatch(/^-?\d+\.\d{6}$/);
      expect(Number(value)).toBeCloseTo(best[rank]!.value, 3);
      expect(Number(index)).toBe(best[rank]!.index);
      expect(label).toBe(LABELS[best[rank]!.index]);
    }
    const all = [{ name: ALIAS, parameters: { classification: 99 } }];
    expect((await answerOf(await infer({ inputs, outputs: all }))).outputs[0]!.shape).toEqual([
      2, 10,
    ]);
  });

  describe('with binary data', () => {
    it('takes images behind the JSON, and answers as without', async () => {
      const binary = inBinary(jpeg, png);
      const { outputs } = await answerOf(
        await inferBinary({ inputs: [binaryInput(binary, 2)] }, binary),
      );
      const expected = await answerOf(await infer({ inputs: [inJson(jpeg, png)] }));
      expectClose(outputs[0]!.data as number[], expected.outputs[0]!.data as number[]);
    });

    it.each([
      ['of all outputs', { parameters: { binary_data_output: true } }],
      ['of the output', { outputs: [{ name: ALIAS, parameters: { binary_data: true } }] }],
    ])('answers so where the request asks for it %s', async (_name, asks) => {
      const response = await infer({ inputs: [inJson(jpeg)], ...asks });
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      const length = Number(response.headers.get('inference-header-content-length'));
      const body = Buffer.from(await response.arrayBuffer());
      const { outputs } = JSON.parse(body.subarray(0, length).toString()) as Answer;
      expect(outputs).toEqual([
        {
          name: ALIAS,
          datatype: 'FP32',
          shape: [1, 10],
          parameters: { binary_data_size: 40 },
        },
      ]);
      const values = new Float32Array(Uint8Array.from(body.subarray(length)).buffer);
      const expected = await answerOf(await infer({ inputs: [inJson(jpeg)] }));
      expect([...values]).toEqual((expected.outputs[0]!.data as number[]).map(Math.fround));
    });

    it('answers classes so, each behind its length', async () => {
      const outputs = [{ name: ALIAS, parameters: { classification: 2, binary_data: true } }];
      const response = await infer({ inputs: [inJson(jpeg)], outputs });
      const length = Number(response.headers.get('inference-header-content-length'));
      const body = Buffer.from(await response.arrayBuffer()).subarray(length);
      const first = body.subarray(4, 4 + body.readUInt32LE(0)).toString();
      expect(first).toMatch(/^-?\d+\.\d{6}:\d:[a-z-]+$/);
      const rest = body.subarray(4 + first.length);
      expect(rest.length).toBe(4 + rest.readUInt32LE(0));
    });

    const binary = Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.from('abc')]);
    const twice = Buffer.concat([binary, binary]);
    const body = { inputs: [binaryInput(binary, 1)] };
    const ofSize = (size: unknown) => ({
      inputs: [{ ...binaryInput(binary, 1), parameters: { binary_data_size: size } }],
    });
    it.each<[string, string]>([
      ['a JSON length past the body', '99999'],
      ['a negative JSON length', '-1'],
      ['a JSON length that is no number', 'x'],
      ['a JSON length of zero', '0'],
      ['a JSON length that cuts the JSON', '20'],
    ])('refuses %s', async (_name, jsonLength) => {
      await expectProblem(await inferBinary(body, binary, jsonLength), 400, 'INVALID_REQUEST');
    });

    it.each<[string, unknown, Buffer]>([
      ['a size that is too large', ofSize(8), binary],
      ['a size that is too small', ofSize(6), binary],
      ['a negative size', ofSize(-7), binary],
      ['a size that is no number', ofSize('7'), binary],
      ['no size', { inputs: [inJson(Buffer.from('abc'))] }, binary],
      ['data and a size', { inputs: [{ ...body.inputs[0], data: ['AAAA'] }] }, binary],
      ['an element past the end', body, Buffer.from([9, 0, 0, 0, 97, 98, 99])],
      ['an element of 4 GiB', body, Buffer.from([255, 255, 255, 255, 97, 98, 99])],
      ['fewer elements than the shape', { inputs: [binaryInput(binary, 2)] }, binary],
      ['more elements than the shape', { inputs: [binaryInput(twice, 1)] }, twice],
      ['half a length', { inputs: [binaryInput(binary.subarray(0, 2), 1)] }, binary.subarray(0, 2)],
    ])('refuses %s', async (_name, json, bytes) => {
      await expectProblem(await inferBinary(json, bytes), 400, 'INVALID_REQUEST');
    });

    it('refuses an image that is larger than one may be', async () => {
      const large = inBinary(Buffer.alloc(500_001));
      const response = await inferBinary({ inputs: [binaryInput(large, 1)] }, large);
      await expectProblem(response, 413, 'IMAGE_TOO_LARGE');
    });

    it('refuses more bytes than a request may have before it takes them', async () => {
      const large = inBinary(Buffer.alloc(3_000_000));
      const response = await inferBinary({ inputs: [binaryInput(large, 1)] }, large);
      await expectProblem(response, 413, 'IMAGE_TOO_LARGE', /larger than \d+ bytes/);
    });
  });

  const image = { name: 'image', datatype: 'BYTES', shape: [1], data: ['AAAA'] };
  const asking = (...outputs: unknown[]) => ({ inputs: [image], outputs });
  it.each<[string, unknown, RegExp]>([
    ['no object', [image], /JSON object/],
    ['no inputs', {}, /"inputs"/],
    ['two inputs of one name', { inputs: [image, image] }, /"inputs" to be a list of one/],
    ['another input', { inputs: [{ ...image, name: 'x' }] }, /named "image"/],
    ['numbers', { inputs: [{ ...image, datatype: 'FP32' }] }, /BYTES/],
    ['a huge shape', { inputs: [{ ...image, shape: [1e15] }] }, /1 to 4/],
    ['a huge second dimension', { inputs: [{ ...image, shape: [1, 1e9] }] }, /"shape"/],
    ['a negative shape', { inputs: [{ ...image, shape: [-1] }] }, /1 to 4/],
    ['an empty shape', { inputs: [{ ...image, shape: [] }] }, /"shape"/],
    ['a shape in words', { inputs: [{ ...image, shape: '1' }] }, /"shape"/],
    ['a million dimensions', { inputs: [{ ...image, shape: Array(1e6).fill(1) }] }, /values/],
    ['a hundred thousand images', { inputs: [{ ...image, data: Array(1e5).fill('') }] }, /values/],
    ['fewer images than the shape', { inputs: [{ ...image, shape: [2] }] }, /2, but received 1/],
    ['images that are no texts', { inputs: [{ ...image, data: [1] }] }, /base64/],
    ['an image that is no base64', { inputs: [{ ...image, data: ['%'] }] }, /^Image 0: .*base64/],
    ['an id that is no text', { id: 1, inputs: [image] }, /"id"/],
    ['an unknown output', asking({ name: 'x' }), new RegExp(`the output "${ALIAS}"`)],
    ['an output twice', asking({ name: ALIAS }, { name: ALIAS }), /"outputs" to be a list of one/],
    ['no classes', asking({ name: ALIAS, parameters: { classification: 0 } }), /classification/],
    [
      'binary_data in words',
      asking({ name: ALIAS, parameters: { binary_data: 'yes' } }),
      /boolean/,
    ],
    ['parameters that are none', { inputs: [image], parameters: [] }, /"parameters"/],
  ])('refuses %s', async (_name, body, detail) => {
    await expectProblem(await infer(body), 400, 'INVALID_REQUEST', detail);
  });

  it('refuses JSON that is nested a million deep', async () => {
    const response = await post('['.repeat(1_000_000), {});
    await expectProblem(response, 400, 'INVALID_REQUEST', /64 deep/);
  });

  it('fails as a whole where one image cannot be read, and says which', async () => {
    const response = await infer({ inputs: [inJson(png, jpeg.subarray(0, 900))] });
    await expectProblem(response, 422, 'IMAGE_UNDECODABLE', /^Image 1: /);
  });

  it('serves on after every one of those', async () => {
    await answerOf(await infer({ inputs: [inJson(png)] }));
  });
});

const LABELS = 'dress hat longsleeve outwear pants shirt shoes shorts skirt t-shirt'.split(' ');

/** The model may round otherwise for a batch than for one image. */
function expectClose(received: readonly number[], expected: readonly number[]): void {
  expect(received).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(received[index]).toBeCloseTo(value, 3);
}

async function expectProblem(
  response: Response,
  status: number,
  code: string,
  detail = /./,
): Promise<void> {
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code });
  expect(response.status).toBe(status);
  expect(problem['detail']).toMatch(detail);
  expect(problem['error']).toBe(problem['detail']);
}
