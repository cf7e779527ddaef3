import { GatewayClient, GatewayError, type GatewayClientOptions } from './index.js';

const IMAGE = new Uint8Array([1, 2, 3]);

/** A client whose gateway answers so, one answer after the other, the last one again and again. */
function clientOf(
  answers: (() => Response | Promise<Response>)[],
  options: Partial<GatewayClientOptions> = {},
) {
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    const request = new Request(url, init);
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1]!;
    return new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', () => {
        reject(request.signal.reason as Error);
      });
      Promise.resolve(answer()).then(resolve, reject);
    });
  };
  return { client: new GatewayClient({ url: 'http://gateway', fetch, ...options }), requests };
}

const scores = (body: object = { pants: 1 }) =>
  Response.json(body, { headers: { 'x-model-version': '3' } });
const problem = (status: number, code: string, retryAfter?: string) =>
  Response.json(
    { type: 'about:blank', title: 'T', status, detail: 'Why.', code, requestId: 'r1' },
    { status, headers: { ...(retryAfter !== undefined && { 'retry-after': retryAfter }) } },
  );
const never = () => new Promise<Response>(() => undefined);

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It succeeded.');
    },
    (error: unknown) => error,
  );
}

describe('a call that the gateway puts off', () => {
  it('is made again, and succeeds', async () => {
    const { client, requests } = clientOf([() => problem(429, 'RATE_LIMITED', '0'), scores]);
    expect(await client.predict(IMAGE)).toMatchObject({ scores: { pants: 1 }, modelVersion: '3' });
    expect(requests).toHaveLength(2);
    expect(new Uint8Array(await requests[1]!.arrayBuffer())).toEqual(IMAGE);
  });

  it('is made again only so often', async () => {
    const { client, requests } = clientOf([() => problem(503, 'OVERLOADED', '0')], { retries: 3 });
    expect(await failureOf(client.predict(IMAGE))).toMatchObject({
      name: 'GatewayError',
      code: 'OVERLOADED',
      status: 503,
      detail: 'Why.',
      requestId: 'r1',
      retryAfter: 0,
    });
    expect(requests).toHaveLength(4);
  });

  it('fails at once where the wait would outlast its time', async () => {
    const { client, requests } = clientOf([() => problem(429, 'RATE_LIMITED', '60')]);
    const error = await failureOf(client.predict(IMAGE));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 60 });
    expect(requests).toHaveLength(1);
  });

  it('can be aborted while it waits', async () => {
    const { client, requests } = clientOf([() => problem(429, 'RATE_LIMITED', '20')]);
    const aborted = new AbortController();
    const failed = failureOf(client.predict(IMAGE, { signal: aborted.signal }));
    while (requests.length === 0) await new Promise(setImmediate);
    const reason = new Error('No longer needed.');
    aborted.abort(reason);
    expect(await failed).toBe(reason);
  });
});

describe('a failure', () => {
  it.each([
    [
      'without Retry-After',
      () => problem(502, 'MODEL_FAILED'),
      { code: 'MODEL_FAILED', status: 502 },
    ],
    [
      'of a proxy',
      () => new Response('<html>', { status: 502 }),
      { code: 'UNEXPECTED_ANSWER', status: 502 },
    ],
    [
      'of something else that succeeds',
      () => new Response('<html>'),
      { code: 'UNEXPECTED_ANSWER' },
    ],
    ['of the network', () => Promise.reject(new TypeError('x')), { code: 'UNREACHABLE' }],
  ])('%s is told, and not repeated', async (_name, answer, expected) => {
    const { client, requests } = clientOf([answer]);
    const error = await failureOf(client.predict(IMAGE));
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject(expected);
    expect(requests).toHaveLength(1);
  });

  it('reads dates in Retry-After', async () => {
    const date = new Date(Date.now() + 90_000).toUTCString();
    const { client } = clientOf([() => problem(503, 'OVERLOADED', date)]);
    const { retryAfter } = (await failureOf(client.predict(IMAGE))) as GatewayError;
    expect(retryAfter).toBeGreaterThan(60);
    expect(retryAfter).toBeLessThanOrEqual(91);
  });

  it('ends a call whose time is over', async () => {
    const { client } = clientOf([never], { timeoutMs: 20 });
    expect(await failureOf(client.predict(IMAGE))).toMatchObject({ code: 'TIMEOUT' });
  });

  it("rejects with the reason of the caller's signal", async () => {
    const { client } = clientOf([never]);
    const reason = new Error('No longer needed.');
    expect(await failureOf(client.models({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe('an answer', () => {
  it('is sorted, whatever the classes are called', async () => {
    const { client } = clientOf([() => scores({ b: 0.3, 7: 0.1, error: 0.6 })]);
    const { best } = await client.predict(IMAGE);
    expect(best.map(({ label }) => label)).toEqual(['error', 'b', '7']);
  });

  it('tells of each image of a batch its classes or its error', async () => {
    const body = (await problem(422, 'IMAGE_UNDECODABLE').json()) as object;
    const { client } = clientOf([() => scores({ predictions: [{ error: 1 }, { error: body }] })]);
    const { places } = await client.predictBatch([IMAGE, IMAGE]);
    expect(places[0]).toMatchObject({ scores: { error: 1 } });
    expect(places[1]?.error).toMatchObject({ name: 'GatewayError', code: 'IMAGE_UNDECODABLE' });
  });

  it('of an unready gateway is no failure', async () => {
    const checks = { m: { status: 'down', reason: 'x' } };
    const unready = () => Response.json({ status: 'error', checks }, { status: 503 });
    const { client, requests } = clientOf([unready]);
    expect(await client.readiness()).toEqual({ ready: false, checks });
    expect(requests).toHaveLength(1);
  });
});

describe('a request', () => {
  it('goes below the path of the gateway, with the key, the choices and the id', async () => {
    const { client, requests } = clientOf([scores], {
      url: 'http://host/images',
      apiKey: 'secret',
    });
    await client.predict(IMAGE, { top: 2, model: 'a b', version: 3, requestId: 'mine' });
    const { url, headers, method } = requests[0]!;
    expect([method, url]).toEqual(['POST', 'http://host/images/predict?top=2&model=a+b&version=3']);
    expect(headers.get('x-api-key')).toBe('secret');
    expect(headers.get('x-request-id')).toBe('mine');
  });

  it('names models and versions in its path', async () => {
    const { client, requests } = clientOf([scores]);
    await client.modelStatus('a/b', { version: 3 });
    await client.modelMetadata('m', { label: 'stable' });
    expect(requests.map(({ url }) => url)).toEqual([
      'http://gateway/v1/models/a%2Fb/versions/3',
      'http://gateway/v1/models/m/labels/stable/metadata',
    ]);
  });

  it('holds images of any size in base64', async () => {
    const { client, requests } = clientOf([() => scores({ predictions: [] })]);
    const bytes = new Uint8Array(100_001).map((_, index) => index);
    await client.predictBatch([
      bytes,
      bytes.buffer,
      new Blob([bytes]),
      { base64: 'AA==' },
      { url: 'u' },
    ]);
    const image = Buffer.from(bytes).toString('base64');
    expect(await requests[0]!.json()).toEqual({
      images: [{ image }, { image }, { image }, { image: 'AA==' }, { url: 'u' }],
    });
  });
});
