import { gradientJpeg, gradientPng, gradientWebp } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startStack, type Stack } from '../support/stack.js';

const LABELS = [
  'dress',
  'hat',
  'longsleeve',
  'outwear',
  'pants',
  'shirt',
  'shoes',
  'shorts',
  'skirt',
  't-shirt',
];
const MAX_BYTES = 200_000;

let stack: Stack;
let origin: Origin;
let jpeg: Buffer;
let png: Buffer;

beforeAll(async () => {
  jpeg = await gradientJpeg();
  png = await gradientPng();
  origin = await startOrigin((request, response) => {
    if (request.url === '/picture') response.end(jpeg);
    else if (request.url === '/page') response.end('<html>not a picture</html>');
    else if (request.url === '/large') response.end(Buffer.alloc(MAX_BYTES + 1));
    else if (request.url === '/redirect') response.writeHead(302, { location: '/picture' }).end();
    else if (request.url === '/trap') {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    } else if (request.url !== '/silent') response.writeHead(404).end();
  });
  stack = await startStack({
    IMAGE_FETCH_ALLOW: origin.url.replace('http://', ''),
    IMAGE_FETCH_TIMEOUT_MS: '500',
    IMAGE_MAX_BYTES: String(MAX_BYTES),
    IMAGE_MAX_PIXELS: '1000000',
  });
});

afterAll(async () => {
  await stack.close();
  await origin.close();
});

type Scores = Record<string, number>;

function post(path: string, init: RequestInit): Promise<Response> {
  return fetch(new URL(path, stack.url), { method: 'POST', ...init });
}

function postJson(body: unknown, query = ''): Promise<Response> {
  return post(`/predict${query}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function postRaw(bytes: Uint8Array, query = '', type = 'image/jpeg'): Promise<Response> {
  return post(`/predict${query}`, {
    headers: { 'content-type': type },
    body: bytes,
  });
}

function form(...parts: [name: string, bytes: Uint8Array][]): FormData {
  const data = new FormData();
  for (const [name, bytes] of parts) {
    data.append(name, new Blob([bytes]), 'picture.bin');
  }
  return data;
}

describe('POST /predict', () => {
  it('answers every class with its probability, in the order of the labels', async () => {
    const response = await postRaw(jpeg);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const scores = (await response.json()) as Scores;
    expect(Object.keys(scores)).toEqual(LABELS);
    const sum = Object.values(scores).reduce((total, score) => total + score, 0);
    expect(sum).toBeCloseTo(1, 5);
  });

  it('gives the same scores whichever way the image comes', async () => {
    const expected = await (await postRaw(jpeg)).json();
    const base64 = jpeg.toString('base64');
    const others = await Promise.all([
      postJson({ url: `${origin.url}/picture` }),
      postJson({ url: `${origin.url}/redirect` }),
      postJson({ image: base64 }),
      postJson({ image: `data:image/jpeg;base64,${base64}` }),
      post('/predict', { body: form(['image', jpeg]) }),
      postRaw(jpeg, '', 'image/png'),
    ]);
    for (const response of others) expect(await response.json()).toEqual(expected);
  });

  it('answers the best classes, best first, where ?top says how many', async () => {
    const all = (await (await postRaw(png)).json()) as Scores;
    const best = Object.entries(all).sort(([, a], [, b]) => b - a);
    const top = (await (await postRaw(png, '?top=3')).json()) as Scores;
    expect(Object.entries(top)).toEqual(best.slice(0, 3));
  });

  it('tells the time of each stage that there was, and of the whole', async () => {
    const stagesOf = async (response: Response): Promise<Record<string, number>> => {
      await response.arrayBuffer();
      const metrics = String(response.headers.get('server-timing')).split(', ');
      return Object.fromEntries(
        metrics.map((metric) => {
          const [name, ms] = metric.split(';dur=');
          return [name, Number(ms)];
        }),
      ) as Record<string, number>;
    };
    const link = await stagesOf(await postJson({ url: `${origin.url}/picture` }));
    expect(Object.keys(link)).toEqual(['fetch', 'decode', 'resize', 'infer', 'total']);
    // Of this JPEG, only the pixels that nearest needs are made.
    expect(link['resize']).toBe(0);
    expect(link['decode']).toBeGreaterThan(0);
    expect(link['fetch']! + link['decode']! + link['infer']!).toBeLessThanOrEqual(link['total']!);

    const upload = await stagesOf(await postRaw(await gradientWebp(), '', 'image/webp'));
    expect(Object.keys(upload)).toEqual(['decode', 'resize', 'infer', 'total']);
    expect(upload['resize']).toBeGreaterThan(0);
  });

  it('takes the model by name', async () => {
    expect((await postRaw(png, '?model=clothing-model')).status).toBe(200);
  });

  it('takes the version by number, and tells which one answered', async () => {
    const response = await postRaw(png, '?version=1');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-model-version')).toBe('1');
    expect(await response.json()).toEqual(await (await postRaw(png)).json());
  });

  const problems: {
    name: string;
    ask: () => Promise<Response>;
    status: number;
    code: string;
    detail?: RegExp;
  }[] = [
    {
      name: 'neither a link nor an image',
      ask: () => postJson({}),
      status: 400,
      code: 'INVALID_REQUEST',
      detail: /"url" or "image"/,
    },
    {
      name: 'JSON that is broken',
      ask: () => post('/predict', { headers: { 'content-type': 'application/json' }, body: '{' }),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'an empty JSON body',
      ask: () => post('/predict', { headers: { 'content-type': 'application/json' } }),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'an empty image',
      ask: () => postRaw(Buffer.alloc(0)),
      status: 400,
      code: 'INVALID_REQUEST',
      detail: /empty/,
    },
    {
      name: 'an empty upload',
      ask: () => post('/predict', { body: form(['image', Buffer.alloc(0)]) }),
      status: 400,
      code: 'INVALID_REQUEST',
      detail: /empty/,
    },
    {
      name: 'an upload in another field',
      ask: () => post('/predict', { body: form(['file', png]) }),
      status: 400,
      code: 'INVALID_REQUEST',
      detail: /field "image"/,
    },
    {
      name: 'two uploads',
      ask: () => post('/predict', { body: form(['image', png], ['image', png]) }),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'a form that is cut short',
      ask: () =>
        post('/predict', {
          headers: { 'content-type': 'multipart/form-data; boundary=x' },
          body: '--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
        }),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'a form without a boundary',
      ask: () =>
        post('/predict', { headers: { 'content-type': 'multipart/form-data' }, body: 'abc' }),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'a top of zero',
      ask: () => postRaw(png, '?top=0'),
      status: 400,
      code: 'INVALID_REQUEST',
      detail: /"top"/,
    },
    {
      name: 'a top that is given twice',
      ask: () => postRaw(png, '?top=1&top=2'),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'a model that is not there',
      ask: () => postRaw(png, '?model=other'),
      status: 404,
      code: 'MODEL_NOT_FOUND',
    },
    {
      name: 'a version that is not there',
      ask: () => postRaw(png, '?version=7'),
      status: 404,
      code: 'MODEL_NOT_FOUND',
    },
    {
      name: 'a version beyond what a version can be',
      ask: () => postRaw(png, '?version=9999999999999999999'),
      status: 404,
      code: 'MODEL_NOT_FOUND',
    },
    {
      name: 'a label that no version has',
      ask: () => postRaw(png, '?label=canary'),
      status: 404,
      code: 'MODEL_NOT_FOUND',
    },
    {
      name: 'a version and a label',
      ask: () => postRaw(png, '?version=1&label=stable'),
      status: 400,
      code: 'INVALID_REQUEST',
      detail: /"version" or "label"/,
    },
    {
      name: 'a link that is none',
      ask: () => postJson({ url: 'not a link' }),
      status: 400,
      code: 'INVALID_REQUEST',
    },
    {
      name: 'a file link',
      ask: () => postJson({ url: 'file:///etc/passwd' }),
      status: 400,
      code: 'URL_FORBIDDEN',
    },
    {
      name: 'a link to loopback',
      ask: () => postJson({ url: 'http://127.0.0.1:1/' }),
      status: 400,
      code: 'URL_FORBIDDEN',
    },
    {
      name: 'a redirect to a metadata service',
      ask: () => postJson({ url: `${origin.url}/trap` }),
      status: 400,
      code: 'URL_FORBIDDEN',
    },
    {
      name: 'a link to what is not there',
      ask: () => postJson({ url: `${origin.url}/nothing` }),
      status: 502,
      code: 'IMAGE_SOURCE_FAILED',
      detail: /404/,
    },
    {
      name: 'a link that never answers',
      ask: () => postJson({ url: `${origin.url}/silent` }),
      status: 504,
      code: 'IMAGE_SOURCE_TIMEOUT',
    },
    {
      name: 'a link to too many bytes',
      ask: () => postJson({ url: `${origin.url}/large` }),
      status: 413,
      code: 'IMAGE_TOO_LARGE',
    },
    {
      name: 'a link to a web page',
      ask: () => postJson({ url: `${origin.url}/page` }),
      status: 415,
      code: 'UNSUPPORTED_IMAGE',
    },
    {
      name: 'a raw body of too many bytes',
      ask: () => postRaw(Buffer.alloc(MAX_BYTES + 1)),
      status: 413,
      code: 'IMAGE_TOO_LARGE',
    },
    {
      name: 'an upload of too many bytes',
      ask: () => post('/predict', { body: form(['image', Buffer.alloc(MAX_BYTES + 1)]) }),
      status: 413,
      code: 'IMAGE_TOO_LARGE',
    },
    {
      name: 'base64 of too many bytes',
      ask: () => postJson({ image: Buffer.alloc(MAX_BYTES + 1).toString('base64') }),
      status: 413,
      code: 'IMAGE_TOO_LARGE',
    },
    {
      name: 'too many pixels',
      ask: async () => postRaw(await gradientPng(2000, 600)),
      status: 413,
      code: 'IMAGE_TOO_LARGE',
    },
    {
      name: 'a text that says it is an image',
      ask: () => postRaw(Buffer.from('hello')),
      status: 415,
      code: 'UNSUPPORTED_IMAGE',
    },
    {
      name: 'a drawing in SVG',
      ask: () => postRaw(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
      status: 415,
      code: 'UNSUPPORTED_IMAGE',
    },
    {
      name: 'a body of another type',
      ask: () => post('/predict', { headers: { 'content-type': 'text/plain' }, body: 'x' }),
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
    {
      name: 'a body of no type',
      ask: () => post('/predict', { body: new Uint8Array([1, 2, 3]) }),
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
    {
      name: 'no body',
      ask: () => post('/predict', {}),
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
    {
      name: 'an image that is cut short',
      ask: () => postRaw(jpeg.subarray(0, jpeg.length / 2)),
      status: 422,
      code: 'IMAGE_UNDECODABLE',
    },
    {
      name: 'another path',
      ask: () => post('/predictions', {}),
      status: 404,
      code: 'NOT_FOUND',
    },
    {
      name: 'a sample that is not there',
      ask: () => fetch(new URL('/samples/hats.jpg', stack.url)),
      status: 404,
      code: 'NOT_FOUND',
    },
    {
      name: 'another method with a broken body',
      ask: () =>
        fetch(new URL('/livez', stack.url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{',
        }),
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    },
    {
      name: 'another method',
      ask: () => fetch(new URL('/predict', stack.url)),
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    },
    {
      name: 'a malformed path',
      ask: () => fetch(`${stack.url}%zz`),
      status: 400,
      code: 'INVALID_REQUEST',
    },
  ];

  it.each(problems)('refuses $name with $code', async ({ ask, status, code, detail }) => {
    const response = await ask();
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code, type: 'about:blank' });
    expect(response.status).toBe(status);
    expect(problem['requestId']).toBe(response.headers.get('x-request-id'));
    if (detail !== undefined) expect(problem['detail']).toMatch(detail);
    expect(JSON.stringify(problem)).not.toMatch(/127\.0\.0\.1|node_modules|at .*\.[jt]s/);
  });

  it('names the methods that a path allows', async () => {
    const response = await fetch(new URL('/predict', stack.url), { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('serves on after every one of those', async () => {
    expect((await postRaw(jpeg)).status).toBe(200);
  });
});

describe('every answer', () => {
  it("carries the caller's request id, or a new one", async () => {
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(new URL('/livez', stack.url), { headers });
    const kept = await ask({ 'x-request-id': 'my-id.1' });
    const made = await ask({ 'x-request-id': 'a b' });
    expect(kept.headers.get('x-request-id')).toBe('my-id.1');
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the API description', () => {
  it('can be read at /docs', async () => {
    const response = await fetch(new URL('/docs', stack.url));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('swagger-ui');
  });
});
