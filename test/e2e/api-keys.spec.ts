import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { gradientPng } from '../support/images.js';
import { startStack, type Stack } from '../support/stack.js';

const KEY = 'right-0123456789';
const OTHER = 'other-0123456789';
const WRONG = 'wrong-0123456789';

let folder: string;
let stack: Stack;
let png: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  writeFileSync(join(folder, 'api-keys'), `${KEY}\n`);
  png = await gradientPng();
  stack = await startStack({ API_KEYS_FILE: join(folder, 'api-keys') });
});

afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

function predict(headers: Record<string, string>): Promise<Response> {
  return fetch(new URL('/predict', stack.url), {
    method: 'POST',
    headers: { 'content-type': 'image/png', ...headers },
    body: png,
  });
}

async function statusOf(path: string, init?: RequestInit): Promise<number> {
  const response = await fetch(new URL(path, stack.url), init);
  await response.arrayBuffer();
  return response.status;
}

describe('with API keys', () => {
  it.each([
    ['Authorization', { authorization: `Bearer ${KEY}` }],
    ['X-API-Key', { 'x-api-key': KEY }],
  ])('a prediction is answered to whoever sends one in %s', async (_name, headers) => {
    expect((await predict(headers)).status).toBe(200);
  });

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: `Bearer ${WRONG}` }],
  ])('a prediction with %s is refused with UNAUTHENTICATED', async (_name, headers) => {
    const response = await predict(headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      requestId: response.headers.get('x-request-id'),
    });
    expect(text).not.toContain('0123456789');
  });

  it.each([
    '/',
    '/app.js',
    '/samples',
    '/page-settings',
    '/docs',
    '/openapi.json',
    '/livez',
    '/readyz',
  ])('%s needs none', async (path) => {
    expect(await statusOf(path)).toBe(200);
  });

  it('an unknown path is still not found, and a wrong method not allowed', async () => {
    expect(await statusOf('/predictions', { method: 'POST' })).toBe(404);
    expect(await statusOf('/predict')).toBe(405);
  });

  it.each([
    '//predict',
    '/./predict',
    '/predict/',
    '/predict//',
    '/PREDICT',
    '/%70redict',
    '/predict%2F',
    '/predict;a=b',
    '/x/../predict',
    'http://elsewhere/predict',
    '/v1/models/clothing-model%3Apredict',
    '/v1//models/clothing-model:predict',
  ])('%s is no way around them', async (path) => {
    const { port } = new URL(stack.url);
    // Not by fetch, which would spell it as it should be.
    const asked = request({ port, path, method: 'POST', headers: { 'content-type': 'image/png' } });
    asked.end(png);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    expect([400, 401, 404, 405]).toContain(response.statusCode);
  });

  it('they hang on routes: nothing that compares paths stands before them', () => {
    const fastify = stack.app.getHttpAdapter().getInstance();
    expect(fastify.hasPlugin('@fastify/middie')).toBe(false);
  });

  it('each POST of the API is described with both ways to send a key, and refuses without', async () => {
    const document = (await (await fetch(new URL('/openapi.json', stack.url))).json()) as {
      paths: Record<string, Record<string, { security: object[]; responses: object }>>;
      components: { securitySchemes: object };
    };
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    });
    const posts = Object.entries(document.paths).filter(([, methods]) => 'post' in methods);
    expect(posts.map(([path]) => path)).toContain('/predict');
    for (const [path, { post }] of posts) {
      expect(post!.security).toEqual(expect.arrayContaining([{ bearer: [] }, { apiKey: [] }]));
      expect(post!.responses).toHaveProperty('401');
      expect(await statusOf(path, { method: 'POST' })).toBe(401);
    }
  });

  describe('who has none', () => {
    let socket: Socket;
    let received: string;

    beforeEach(async () => {
      socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
      received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      await once(socket, 'connect');
    });

    afterEach(() => {
      socket.destroy();
    });

    const answers = () => Promise.resolve(received.match(/HTTP\/1\.1 \d+/g) ?? []);
    const answersAre = async (...statuses: number[]): Promise<void> => {
      const expected = statuses.map((status) => `HTTP/1.1 ${status}`);
      await eventually(answers, ({ length }) => length >= expected.length);
      expect(await answers()).toEqual(expected);
    };
    const post = (length: string): void => {
      socket.write(
        `POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n${length}\r\n\r\n`,
      );
    };

    it('is refused at the headers, and keeps the connection when the body follows', async () => {
      const body = 5_000_000;
      post(`Content-Length: ${body}`);
      await answersAre(401);

      socket.write(Buffer.alloc(body));
      socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      await answersAre(401, 200);
    });

    it('is refused as soon with a body of unknown length', async () => {
      post('Transfer-Encoding: chunked');
      await answersAre(401);

      socket.write('5\r\nhello\r\n0\r\n\r\n');
      socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
      await answersAre(401, 200);
    });
  });

  it('other keys count within seconds of their file being written', async () => {
    const statuses = async () => [
      (await predict({ 'x-api-key': KEY })).status,
      (await predict({ 'x-api-key': OTHER })).status,
    ];
    expect(await statuses()).toEqual([200, 401]);
    writeFileSync(join(folder, 'api-keys'), OTHER);
    await eventually(statuses, (them) => them.join() === '401,200');

    writeFileSync(join(folder, 'api-keys'), KEY);
    await eventually(statuses, (them) => them.join() === '200,401');
  });
});
