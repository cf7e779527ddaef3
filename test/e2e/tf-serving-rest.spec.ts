import { gradientJpeg, gradientPng } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startStack, type Stack } from '../support/stack.js';

const MODEL = '/v1/models/clothing-model';

let stack: Stack;
let origin: Origin;
let jpeg: string;
let png: string;

beforeAll(async () => {
  const picture = await gradientJpeg();
  jpeg = picture.toString('base64');
  png = (await gradientPng()).toString('base64');
  origin = await startOrigin((request, response) => {
    if (request.url === '/picture') response.end(picture);
    else response.writeHead(404).end();
  });
  stack = await startStack({ IMAGE_FETCH_ALLOW: '127.0.0.1', BATCH_MAX_IMAGES: '5' });
});

afterAll(async () => {
  await stack.close();
  await origin.close();
});

const get = (path: string) => fetch(new URL(path, stack.url));

function predict(
  body: unknown,
  path = `${MODEL}:predict`,
  type = 'application/json',
): Promise<Response> {
  return fetch(new URL(path, stack.url), {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

interface Answer {
  readonly predictions: number[][];
  readonly outputs: number[][];
}

const answerOf = async (response: Response) => (await response.json()) as Answer;

async function rawScores(image: string): Promise<number[]> {
  const { predictions } = await answerOf(await predict({ instances: [{ b64: image }] }));
  return predictions[0]!;
}

describe('/v1', () => {
  it('names the models', async () => {
    expect(await (await get('/v1/models')).json()).toEqual({ models: ['clothing-model'] });
  });

  it.each([MODEL, `${MODEL}/versions/1`])(
    '%s tells the versions as TensorFlow Serving does, and whether it is ready as KServe does',
    async (path) => {
      expect(await (await get(path)).json()).toEqual({
        model_version_status: [
          { version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
        ],
        name: 'clothing-model',
        ready: true,
      });
    },
  );

  it('tells the signatures', async () => {
    const answer = await (await get(`${MODEL}/versions/1/metadata`)).json();
    expect(answer).toMatchObject({
      model_spec: { name: 'clothing-model', version: '1' },
      metadata: {
        signature_def: {
          signature_def: {
            serving_default: {
              inputs: {
                input_8: {
                  dtype: 'DT_FLOAT',
                  tensor_shape: { dim: [{ size: '-1', name: '' }, {}, {}, {}] },
                },
              },
              method_name: 'tensorflow/serving/predict',
            },
          },
        },
      },
    });
  });

  it("answers the model's raw outputs, of which /predict makes probabilities", async () => {
    const raw = await rawScores(jpeg);
    const probabilities = (await (await predict({ image: jpeg }, '/predict')).json()) as Record<
      string,
      number
    >;
    const powers = raw.map(Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    for (const [index, probability] of Object.values(probabilities).entries()) {
      expect(powers[index]! / sum).toBeCloseTo(probability, 5);
    }
  });

  it('takes images in every form that its clients send them in', async () => {
    const response = await predict({
      signature_name: '',
      instances: [
        { b64: jpeg },
        { url: `${origin.url}/picture` },
        { image: { b64: jpeg } },
        { input_8: { b64: jpeg } },
        { image: { url: `${origin.url}/picture` } },
      ],
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-model-version')).toBe('1');
    const { predictions } = await answerOf(response);
    const expected = await rawScores(jpeg);
    expect(predictions).toHaveLength(5);
    for (const row of predictions) expectClose(row, expected);
  });

  it.each(['inputs', 'image', 'input_8'])('takes the column format (%s)', async (name) => {
    const images = [{ b64: jpeg }, { b64: png }];
    const response = await predict({ inputs: name === 'inputs' ? images : { [name]: images } });
    const { outputs } = await answerOf(response);
    expectClose(outputs[0]!, await rawScores(jpeg));
    expectClose(outputs[1]!, await rawScores(png));
  });

  it.each([`${MODEL}/versions/1:predict`, `${MODEL}:predict`])(
    'answers another signature at %s',
    async (path) => {
      const response = await predict(
        { signature_name: 'serving_uint8', instances: [{ b64: jpeg }] },
        path,
      );
      const { predictions } = await answerOf(response);
      expectClose(predictions[0]!, await rawScores(jpeg));
    },
  );

  it.each(['application/x-www-form-urlencoded', 'text/plain;charset=UTF-8'])(
    'takes JSON that is called %s, as TensorFlow Serving does',
    async (type) => {
      const response = await predict({ instances: [{ b64: png }] }, undefined, type);
      expect(response.status).toBe(200);
    },
  );

  const image = { b64: 'AAAA' };
  it.each<[string, unknown, RegExp]>([
    ['neither format', { signature_name: 'x' }, /"instances" or "inputs"/],
    ['both formats', { instances: [image], inputs: [image] }, /"instances" or "inputs"/],
    ['a signature that is no name', { signature_name: 1, instances: [image] }, /signature_name/],
    ['no images', { instances: [] }, /1 to 5/],
    ['too many images', { instances: Array(6).fill(image) }, /1 to 5.*6/],
    ['a million images', { instances: Array(1_000_000).fill({}) }, /at most 65536 values/],
    ['numbers', { instances: [[1, 2, 3]] }, /^Image 0: .*"b64"/],
    ['a text', { instances: [{ b64: 'AAAA' }, 'AAAA'] }, /^Image 1: .*"b64"/],
    ['base64 under two names', { instances: [{ b64: 'A', url: 'b' }] }, /"b64"/],
    ['another input', { instances: [{ mask: image }] }, /"image" or "input_8"/],
    ['another input in columns', { inputs: { mask: [image] } }, /"image" or "input_8"/],
    ['two inputs in columns', { inputs: { image: [image], mask: [image] } }, /list of images/],
    ['a scalar', { inputs: image }, /list of images/],
    ['a list', [image], /JSON object/],
  ])('refuses %s', async (_name, body, detail) => {
    const response = await predict(body);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(problem['detail']).toMatch(detail);
    expect(problem['error']).toBe(problem['detail']);
  });

  it('tells of a malformed path as of any other failure', async () => {
    const problem = (await (await get(`${MODEL}%zz`)).json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(problem['error']).toBe(problem['detail']);
  });

  it('fails as a whole where one image cannot be read, and says which', async () => {
    const instances = [{ b64: png }, { b64: jpeg.slice(0, 2000) }, { b64: png }];
    const response = await predict({ instances });
    expect(await response.json()).toMatchObject({
      status: 422,
      code: 'IMAGE_UNDECODABLE',
      detail: expect.stringMatching(/^Image 1: /) as string,
    });
  });

  it.each([
    ['/v1/models/other', 'MODEL_NOT_FOUND'],
    [`${MODEL}/versions/7`, 'MODEL_NOT_FOUND'],
    [`${MODEL}/versions/x`, 'MODEL_NOT_FOUND'],
    [`${MODEL}/labels/canary/metadata`, 'MODEL_NOT_FOUND'],
    [`${MODEL}/weights`, 'NOT_FOUND'],
  ])('has no %s', async (path, code) => {
    const response = await get(path);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status: 404, code });
    expect(problem['error']).toBe(problem['detail']);
  });

  it.each([
    '/v1/models/other:predict',
    `${MODEL}/versions/7:predict`,
    `${MODEL}/labels/canary:predict`,
  ])('has no %s to predict with', async (path) => {
    const response = await predict({ instances: [{ b64: png }] }, path);
    expect(await response.json()).toMatchObject({ status: 404, code: 'MODEL_NOT_FOUND' });
  });

  it('has no signature that the model lacks', async () => {
    const response = await predict({ signature_name: 'x', instances: [{ b64: png }] });
    expect(await response.json()).toMatchObject({ status: 404, code: 'MODEL_NOT_FOUND' });
  });

  it('does not classify, and tells what a path answers to', async () => {
    expect((await predict({}, `${MODEL}:classify`)).status).toBe(404);
    const response = await get(`${MODEL}:predict`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is counted by the pattern of its route', async () => {
    const text = await (await get(stack.metricsUrl)).text();
    expect(text).toContain('route="/v1/models/:name/versions/:version:predict",status="200"');
  });
});

/** The model may round otherwise for a batch than for one image. */
function expectClose(received: readonly number[], expected: readonly number[]): void {
  expect(received).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(received[index]).toBeCloseTo(value, 3);
}
