import type { ServerResponse } from 'node:http';
import { eventually } from '../support/eventually.js';
import { gradientJpeg, gradientPng } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startStack, type Stack } from '../support/stack.js';

const MAX_BYTES = 200_000;
const MAX_IMAGES = 12;

let stack: Stack;
let origin: Origin;
let jpeg: Buffer;
let png: Buffer;
let held: ServerResponse[] = [];

beforeAll(async () => {
  jpeg = await gradientJpeg();
  png = await gradientPng();
  origin = await startOrigin((request, response) => {
    if (request.url === '/picture') response.end(jpeg);
    else if (request.url === '/held') held.push(response);
    else response.writeHead(404).end();
  });
  stack = await startStack({
    IMAGE_FETCH_ALLOW: origin.url.replace('http://', ''),
    IMAGE_FETCH_TIMEOUT_MS: '60000',
    IMAGE_MAX_BYTES: String(MAX_BYTES),
    BATCH_MAX_IMAGES: String(MAX_IMAGES),
    MAX_INFLIGHT: '10',
  });
});

afterAll(async () => {
  await stack.close();
  await origin.close();
});

afterEach(() => {
  held = [];
});

interface Answer {
  readonly predictions: Record<string, unknown>[];
}

const JSON_TYPE = { 'content-type': 'application/json' };

function post(path: string, body: unknown, headers: Record<string, string> = JSON_TYPE) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(new URL(path, stack.url), { method: 'POST', headers, body: text });
}

const postBatch = (images: unknown, query = '') => post(`/predict/batch${query}`, { images });
const inBase64 = (bytes: Uint8Array) => ({ image: Buffer.from(bytes).toString('base64') });
const predictAlone = async (image: unknown, query = '') =>
  (await post(`/predict${query}`, image)).json();

async function counts(name: string): Promise<number> {
  const text = await (await fetch(stack.metricsUrl)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? NaN);
}

const CALLS = 'gateway_model_calls_total{model="clothing-model",code="OK"}';

describe('POST /predict/batch', () => {
  it('answers what each image has alone, in order, and asks the model once', async () => {
    const images = [{ url: `${origin.url}/picture` }, inBase64(png), inBase64(jpeg)];
    const alone = await Promise.all(images.map((image) => predictAlone(image)));
    const before = await counts(CALLS);
    const response = await postBatch(images);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-model-version')).toBe('1');
    const { predictions } = (await response.json()) as Answer;
    expect(predictions).toHaveLength(3);
    for (const [index, expected] of alone.entries()) expectSame(predictions[index]!, expected);
    expect(predictions[0]).toEqual(predictions[2]);
    expect(await counts(CALLS)).toBe(before + 1);
  });

  it('answers so many images, too, that the memory for them is not shared between threads', async () => {
    const images = Array.from({ length: 9 }, (_, index) => inBase64(index % 2 ? png : jpeg));
    const alone = [await predictAlone(images[0]), await predictAlone(images[1])];
    const response = await postBatch(images);
    expect(response.status).toBe(200);
    const { predictions } = (await response.json()) as Answer;
    expect(predictions).toHaveLength(9);
    for (const [index, answer] of predictions.entries()) expectSame(answer, alone[index % 2]);
  });

  it('answers the best classes of each image where ?top says how many', async () => {
    const response = await postBatch(
      [inBase64(png), inBase64(jpeg)],
      '?top=2&model=clothing-model',
    );
    const { predictions } = (await response.json()) as Answer;
    expect(predictions.map((scores) => Object.keys(scores).length)).toEqual([2, 2]);
    expectSame(predictions[0]!, await predictAlone(inBase64(png), '?top=2'));
  });

  it('tells in its place what is wrong with an image, and answers the others', async () => {
    const response = await postBatch([
      inBase64(jpeg),
      inBase64(jpeg.subarray(0, jpeg.length / 2)),
      { url: 'http://127.0.0.1:1/' },
      { url: `${origin.url}/nothing` },
      { image: '' },
      { image: '%' },
      { link: 'x' },
      null,
      inBase64(Buffer.alloc(MAX_BYTES + 1)),
      inBase64(png),
    ]);
    expect(response.status).toBe(200);
    const { predictions } = (await response.json()) as Answer;
    const codes = predictions.map(({ error }) => (error as { code: string } | undefined)?.code);
    expect(codes).toEqual([
      undefined,
      'IMAGE_UNDECODABLE',
      'URL_FORBIDDEN',
      'IMAGE_SOURCE_FAILED',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'IMAGE_TOO_LARGE',
      undefined,
    ]);
    expect(predictions[3]!['error']).toMatchObject({
      status: 502,
      detail: expect.stringContaining('404') as string,
      requestId: response.headers.get('x-request-id'),
    });
    expectSame(predictions[0]!, await predictAlone(inBase64(jpeg)));
    expectSame(predictions[9]!, await predictAlone(inBase64(png)));
  });

  it('does not ask the model where no image can be read', async () => {
    const before = await counts(CALLS);
    const response = await postBatch([{ image: '' }]);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-model-version')).toBeNull();
    expect(await counts(CALLS)).toBe(before);
  });

  it.each([
    ['no images', [], '1 to 12'],
    ['too many images', Array.from({ length: MAX_IMAGES + 1 }, () => ({ image: 'x' })), '13'],
    ['one image instead of a list', { image: 'x' }, 'list'],
  ])('refuses %s', async (_name, images, words) => {
    await expectProblem(await postBatch(images), 400, 'INVALID_REQUEST', words);
  });

  it.each([
    ['another field', { images: [{ image: 'x' }], top: 1 }, 400, 'INVALID_REQUEST'],
    ['a list', [{ image: 'x' }], 400, 'INVALID_REQUEST'],
    ['null', 'null', 400, 'INVALID_REQUEST'],
    ['broken JSON', '{"images":[', 400, 'INVALID_REQUEST'],
  ])('refuses %s as a body', async (_name, body, status, code) => {
    await expectProblem(await post('/predict/batch', body), status, code);
  });

  it('refuses an unknown model, and a query that /predict refuses too', async () => {
    const images = [inBase64(png)];
    await expectProblem(await postBatch(images, '?model=x'), 404, 'MODEL_NOT_FOUND');
    await expectProblem(await postBatch(images, '?version=7'), 404, 'MODEL_NOT_FOUND');
    await expectProblem(await postBatch(images, '?top=0'), 400, 'INVALID_REQUEST', '"top"');
  });

  it.each(['image/png', 'text/plain', 'application/octet-stream'])(
    'refuses a body of type %s',
    async (type) => {
      const response = await post('/predict/batch', 'x', { 'content-type': type });
      await expectProblem(response, 415, 'UNSUPPORTED_MEDIA_TYPE', 'application/json');
    },
  );

  it('takes more bytes than one image may have, but no more than three', async () => {
    const large = { image: 'A'.repeat(240_000) };
    const response = await postBatch([large, large, large]);
    const { predictions } = (await response.json()) as Answer;
    expect(predictions.map(({ error }) => (error as { code: string }).code)).toEqual(
      Array(3).fill('UNSUPPORTED_IMAGE'),
    );
    const tooLarge = await postBatch(Array(4).fill({ image: 'A'.repeat(260_000) }));
    await expectProblem(tooLarge, 413, 'IMAGE_TOO_LARGE', 'links, or fewer images');
  });

  it('counts each image against what may be in work', async () => {
    const link = { url: `${origin.url}/held` };
    const six = postBatch(Array(6).fill(link));
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 6,
    );
    expect(await counts('gateway_predictions_in_flight ')).toBe(6);
    const refused = await postBatch(Array(5).fill(link));
    expect(refused.headers.get('retry-after')).toBe('1');
    await expectProblem(refused, 503, 'OVERLOADED');
    const four = postBatch(Array(4).fill(link));
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 10,
    );
    for (const response of held) response.end(png);
    expect((await six).status).toBe(200);
    expect((await four).status).toBe(200);
  });

  it('of more images than may be in work is answered where nothing else is', async () => {
    const response = await postBatch(Array(MAX_IMAGES).fill(inBase64(png)));
    expect(response.status).toBe(200);
    expect(((await response.json()) as Answer).predictions).toHaveLength(MAX_IMAGES);
  });

  it('fetches only so many links side by side', async () => {
    const batch = postBatch(Array(10).fill({ url: `${origin.url}/held` }));
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 8,
    );
    held.shift()!.end(png);
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 8,
    );
    held.shift()!.end(png);
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 8,
    );
    for (const response of held) response.end(png);
    expect((await batch).status).toBe(200);
  });
});

/** The model may round otherwise for a batch than for one image. */
function expectSame(received: Record<string, unknown>, expected: unknown): void {
  const scores = expected as Record<string, number>;
  expect(Object.keys(received)).toEqual(Object.keys(scores));
  for (const [label, score] of Object.entries(scores))
    expect(received[label]).toBeCloseTo(score, 5);
}

async function expectProblem(
  response: Response,
  status: number,
  code: string,
  words = '',
): Promise<void> {
  const problem = (await response.json()) as { detail: string };
  expect(problem).toMatchObject({ status, code });
  expect(response.status).toBe(status);
  expect(problem.detail).toContain(words);
}
