import type { ServerResponse } from 'node:http';
import { eventually } from '../support/eventually.js';
import { gradientPng } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startStack, type Stack } from '../support/stack.js';

let origin: Origin;
let stack: Stack;
let held: ServerResponse[] = [];

beforeAll(async () => {
  origin = await startOrigin((_request, response) => {
    held.push(response);
  });
  stack = await startStack({
    IMAGE_FETCH_ALLOW: '127.0.0.1',
    IMAGE_FETCH_TIMEOUT_MS: '60000',
    // Room for the first image to start its thread on a busy machine.
    PREDICT_TIMEOUT_MS: '5000',
    MAX_INFLIGHT: '2',
  });
});

afterAll(async () => {
  await stack.close();
  await origin.close();
});

afterEach(() => {
  held = [];
});

function predictLink(signal?: AbortSignal): Promise<Response> {
  return fetch(new URL('/predict', stack.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${origin.url}/held` }),
    signal,
  });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

describe('a request', () => {
  it('ends at its deadline, wherever its image is by then', async () => {
    const response = await predictLink();
    expect(response.status).toBe(504);
    expect(await codeOf(response)).toBe('DEADLINE_EXCEEDED');
  });

  it('is refused while as many are in work as may be, and not before or after', async () => {
    const first = [predictLink(), predictLink()];
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 2,
    );
    const refused = await predictLink();
    expect(refused.status).toBe(503);
    expect(await codeOf(refused)).toBe('OVERLOADED');
    expect(refused.headers.get('retry-after')).toBe('1');

    const png = await gradientPng();
    for (const response of held) response.end(png);
    for (const response of await Promise.all(first)) expect(response.status).toBe(200);
  });

  it('whose caller has gone lets go of its place and of its link', async () => {
    const caller = new AbortController();
    const abandoned = [predictLink(caller.signal), predictLink(caller.signal)];
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 2,
    );
    const links = held.map((response) => new Promise((resolve) => response.once('close', resolve)));
    caller.abort();
    await Promise.allSettled(abandoned);
    await Promise.all(links);
    // Both places are free again: two more get as far as the origin.
    held = [];
    const next = [predictLink(), predictLink()];
    await eventually(
      () => Promise.resolve(held.length),
      (count) => count === 2,
    );
    const png = await gradientPng();
    for (const response of held) response.end(png);
    for (const response of await Promise.all(next)) expect(response.status).toBe(200);
  });
});
