import type { ServerResponse } from 'node:http';
import { eventually } from '../support/eventually.js';
import { gradientPng } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startStack, type Stack } from '../support/stack.js';

const KEY = 'right-0123456789';

let origin: Origin;
let stack: Stack;
let png: Buffer;
let held: ServerResponse[];

beforeEach(async () => {
  png = await gradientPng();
  held = [];
  origin = await startOrigin((request, response) => {
    if (request.url === '/held') held.push(response);
    else response.end(png);
  });
  stack = await startStack({
    API_KEYS: KEY,
    IMAGE_FETCH_ALLOW: '127.0.0.1',
    IMAGE_FETCH_TIMEOUT_MS: '60000',
    MAX_INFLIGHT: '1',
  });
});

afterEach(async () => {
  await stack.close();
  await origin.close();
});

type Samples = Map<string, number>;

/** Each sample by its name with its labels in the order that they are told in. */
function parse(text: string): Samples {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ');
    if (line !== '' && !line.startsWith('#'))
      samples.set(line.slice(0, at), Number(line.slice(at)));
  }
  return samples;
}

const scrapeText = async (): Promise<string> => (await fetch(stack.metricsUrl)).text();
const scrape = async (): Promise<Samples> => parse(await scrapeText());

/** The series of one metric. */
function of(samples: Samples, name: string): Record<string, number> {
  return Object.fromEntries([...samples].filter(([key]) => key.startsWith(`${name}{`)));
}

async function predict(init: RequestInit, path = '/predict'): Promise<number> {
  const response = await fetch(new URL(path, stack.url), {
    method: 'POST',
    ...init,
    headers: { 'x-api-key': KEY, ...(init.headers as Record<string, string>) },
  });
  await response.arrayBuffer();
  return response.status;
}

const upload = (body: Uint8Array, path?: string): Promise<number> =>
  predict({ headers: { 'content-type': 'image/png' }, body }, path);

const link = (path: string, signal?: AbortSignal): Promise<number> =>
  predict({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${origin.url}${path}` }),
    signal,
  });

/** An answer can be read a moment before it is counted. */
const counted = (name: string, value: number): Promise<Samples> =>
  eventually(scrape, (samples) => samples.get(name) === value);

const PREDICT = 'method="POST",route="/predict"';
const MODEL = 'model="clothing-model"';

describe('the metrics', () => {
  it('add up to the requests that were made', async () => {
    const before = await scrape();
    // The check of the model has asked it one image.
    const checks = before.get(`gateway_model_calls_total{${MODEL},code="OK"}`)!;
    expect(checks).toBe(1);
    expect(before.get(`gateway_model_ready{${MODEL}}`)).toBe(1);
    expect(before.get(`gateway_model_version{${MODEL},version="1"}`)).toBe(1);
    expect(before.get('gateway_predictions_in_flight_limit')).toBe(1);
    expect([...before.keys()]).toContainEqual(
      expect.stringMatching(/^gateway_build_info\{version="\d+\.\d+\.\d+"\}$/),
    );
    expect([...before.keys()]).toContain('process_cpu_seconds_total');

    expect(await upload(png)).toBe(200);
    expect(await link('/picture')).toBe(200);
    expect(await upload(png.subarray(0, 60))).toBe(422);
    expect(await upload(Buffer.from('no picture'))).toBe(415);
    expect(await upload(png, '/predict?model=other')).toBe(404);
    expect(await predict({ headers: { 'x-api-key': 'wrong-0123456789' } })).toBe(401);

    const after = await counted(
      `gateway_http_requests_total{${PREDICT},status="401",code="UNAUTHENTICATED"}`,
      1,
    );
    expect(of(after, 'gateway_http_requests_total')).toEqual({
      [`gateway_http_requests_total{${PREDICT},status="200",code=""}`]: 2,
      [`gateway_http_requests_total{${PREDICT},status="422",code="IMAGE_UNDECODABLE"}`]: 1,
      [`gateway_http_requests_total{${PREDICT},status="415",code="UNSUPPORTED_IMAGE"}`]: 1,
      [`gateway_http_requests_total{${PREDICT},status="404",code="MODEL_NOT_FOUND"}`]: 1,
      [`gateway_http_requests_total{${PREDICT},status="401",code="UNAUTHENTICATED"}`]: 1,
    });
    const countOf = (metric: string, labels: string): number | undefined =>
      after.get(`${metric}_count${labels}`);
    expect(countOf('gateway_http_request_duration_seconds', `{${PREDICT}}`)).toBe(6);
    const stages = ['fetch', 'decode', 'resize', 'infer', 'total'].map((stage) =>
      countOf('gateway_stage_duration_seconds', `{${MODEL},stage="${stage}"}`),
    );
    expect(stages).toEqual([1, 2, 2, 2, 4]);
    expect(countOf('gateway_image_bytes', '')).toBe(4);
    expect(after.get('gateway_image_bytes_sum')).toBe(2 * png.length + 60 + 10);
    expect(of(after, 'gateway_model_calls_total')).toEqual({
      [`gateway_model_calls_total{${MODEL},code="OK"}`]: checks + 2,
    });
    const backends = Object.entries(of(after, 'gateway_backend_calls_total'));
    expect(backends).toEqual([
      [expect.stringMatching(/\{backend="127\.0\.0\.1:\d+"\}$/), checks + 2],
    ]);
    expect(after.get(`gateway_model_calls_in_flight{${MODEL}}`)).toBe(0);
    expect(after.get('gateway_predictions_in_flight')).toBe(0);
    expect(after.get('gateway_predictions_shed_total')).toBe(0);
  });

  it('tell of what is in work, what was refused for it and who did not wait', async () => {
    const caller = new AbortController();
    const slow = link('/held', caller.signal).catch(() => 'gone');
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 1,
    );
    expect(await upload(png)).toBe(503);
    const during = await counted('gateway_predictions_shed_total', 1);
    expect(during.get('gateway_predictions_in_flight')).toBe(1);

    caller.abort();
    expect(await slow).toBe('gone');
    const after = await counted(`gateway_http_requests_total{${PREDICT},status="499",code=""}`, 1);
    expect(
      after.get(`gateway_http_requests_total{${PREDICT},status="503",code="OVERLOADED"}`),
    ).toBe(1);
    const idle = await counted('gateway_predictions_in_flight', 0);
    expect(idle.get(`gateway_stage_duration_seconds_count{${MODEL},stage="fetch"}`)).toBe(1);
  });

  it('get no label from a request', async () => {
    const ask = (path: string, init?: RequestInit) => fetch(new URL(path, stack.url), init);
    const answers = [
      await ask('/secret-path/1'),
      await ask('/secret-path/2?x=1'),
      await ask('/%zz-secret-path'),
      await ask('/predict/secret-path', { method: 'POST' }),
      await ask('/predict', { method: 'DELETE' }),
      await ask('/predict', { method: 'PROPFIND' }),
      await ask('/samples/secret-path'),
      await ask('/livez?secret-path'),
      await ask('/predict?model=secret-path', { method: 'POST', headers: { 'x-api-key': KEY } }),
      await ask('/secret-path', { headers: { 'x-request-id': 'secret-path' } }),
    ];
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    await counted(
      'gateway_http_requests_total{method="GET",route="/livez",status="200",code=""}',
      1,
    );
    const text = await scrapeText();
    const unmatched = of(parse(text), 'gateway_http_requests_total');
    const countOf = (method: string, status: number, code: string): number | undefined =>
      unmatched[
        `gateway_http_requests_total{method="${method}",route="unmatched",status="${status}",code="${code}"}`
      ];
    expect(countOf('GET', 404, 'NOT_FOUND')).toBe(3);
    expect(countOf('GET', 400, 'INVALID_REQUEST')).toBe(1);
    expect(countOf('DELETE', 405, 'METHOD_NOT_ALLOWED')).toBe(1);
    expect(countOf('other', 405, 'METHOD_NOT_ALLOWED')).toBe(1);
    expect(text).not.toContain('secret-path');
    expect(text).not.toContain('PROPFIND');
    const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
    expect([...routes].sort()).toEqual(['/livez', '/predict', '/samples/:file', 'unmatched']);
  });

  it('are at /metrics of their port alone, and not at the API', async () => {
    expect((await fetch(new URL('/metrics', stack.url))).status).toBe(404);
    const response = await fetch(stack.metricsUrl);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    await response.arrayBuffer();
    for (const [path, method] of [
      ['/', 'GET'],
      ['/metrics/x', 'GET'],
      ['/metrics', 'POST'],
    ] as const) {
      expect((await fetch(new URL(path, stack.metricsUrl), { method })).status).toBe(404);
    }
  });

  it('can be scraped while the gateway drains, and not any more once it has', async () => {
    const slow = link('/held');
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 1,
    );
    let hasClosed = false;
    const closed = stack.close().then(() => (hasClosed = true));
    // The API takes no connections any more.
    await eventually(
      () =>
        fetch(new URL('/livez', stack.url)).then(
          () => 'open',
          () => 'closed',
        ),
      (state) => state === 'closed',
    );
    expect((await scrape()).get('gateway_predictions_in_flight')).toBe(1);
    expect(hasClosed).toBe(false);

    held[0]!.end(png);
    expect(await slow).toBe(200);
    await closed;
    await expect(scrapeText()).rejects.toThrow('fetch failed');
  });
});
