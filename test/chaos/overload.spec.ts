import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '../support/eventually.js';
import { gradientJpeg } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startTestGateway, type Stack } from '../support/stack.js';
import { post, predict, tally } from './asking.js';
import { hanging, honest, late, LyingServer } from './lying-server.js';

const MAX_INFLIGHT = 8;

let server: LyingServer;
let gateway: Stack;
let hangs: Origin;
let answers: Origin;
let fetches = 0;
const sockets: Socket[] = [];

beforeAll(async () => {
  const image = await gradientJpeg(100, 80);
  hangs = await startOrigin(() => fetches++);
  answers = await startOrigin((_request, response) => response.end(image));
  server = await new LyingServer().start();
  const started = await startTestGateway(server.port, {
    MAX_INFLIGHT: String(MAX_INFLIGHT),
    PREDICT_TIMEOUT_MS: '20000',
    IMAGE_FETCH_TIMEOUT_MS: '4000',
    IMAGE_FETCH_ALLOW: '127.0.0.1',
    IMAGE_MAX_BYTES: String(16 * 1024 * 1024),
  });
  await started.ready;
  gateway = started;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await gateway.close();
  await Promise.all([hangs.close(), answers.close()]);
  server.kill();
});

afterEach(() => {
  server.behaviour = honest;
});

/** Takes every place until it is told to let them go. */
async function full<T>(work: () => Promise<T>): Promise<T> {
  let let_go = (): void => undefined;
  const gone = new Promise<void>((resolve) => (let_go = resolve));
  server.behaviour = (...args) =>
    void gone.then(() => {
      honest(...args);
    });
  const before = server.calls;
  const holding = Array.from({ length: MAX_INFLIGHT }, () => predict(gateway.url));
  await eventually(
    () => Promise.resolve(server.calls - before),
    (calls) => calls === MAX_INFLIGHT,
  );
  try {
    return await work();
  } finally {
    let_go();
    expect(tally(await Promise.all(holding))).toEqual({ '200': MAX_INFLIGHT });
  }
}

/** Says that a body follows, and sends none of it. */
function begin(headers: Record<string, string | number>) {
  const outgoing = httpRequest(new URL('/predict', gateway.url), { method: 'POST', headers });
  outgoing.on('error', () => undefined);
  const answered = new Promise<IncomingMessage>((resolve) => outgoing.once('response', resolve));
  outgoing.flushHeaders();
  return { outgoing, answered };
}

describe('while every place is taken, a request', () => {
  it.each(['image/jpeg', 'application/json', 'multipart/form-data; boundary=x'])(
    'of type %s is refused before its body has come',
    (type) =>
      full(async () => {
        const { outgoing, answered } = begin({
          'content-type': type,
          'content-length': 10_000_000,
        });
        const response = await answered;
        expect(response.statusCode).toBe(503);
        expect(response.headers['retry-after']).toBe('1');
        expect(await text(response)).toContain('OVERLOADED');
        outgoing.destroy();
      }),
  );

  it('with a large body sees the refusal, and can use its connection again', () =>
    full(async () => {
      for (let time = 0; time < 3; time++) {
        const response = await fetch(new URL('/predict', gateway.url), {
          method: 'POST',
          headers: { 'content-type': 'image/jpeg' },
          body: Buffer.alloc(15 * 1024 * 1024),
        });
        expect(response.status).toBe(503);
        expect(await response.text()).toContain('OVERLOADED');
      }
    }));

  it.each([
    ['/predict?top=3', undefined],
    ['/predict/batch', undefined],
    ['/v1/models/clothing:predict', true],
    ['/v1/models/clothing/versions/1:predict', true],
    ['/v2/models/clothing/infer', true],
  ])('to %s is refused as any other answer is given', (path, hasError) =>
    full(async () => {
      const fine = await fetch(new URL('/livez', gateway.url));
      const response = await fetch(new URL(path, gateway.url), {
        method: 'POST',
        headers: { 'x-request-id': 'mine', 'content-type': 'application/json' },
        body: '{}',
      });
      expect(response.status).toBe(503);
      const problem = (await response.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({ status: 503, code: 'OVERLOADED', requestId: 'mine' });
      expect('error' in problem).toBe(hasError === true);
      expect(response.headers.get('x-request-id')).toBe('mine');
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      for (const name of [
        'content-security-policy',
        'referrer-policy',
        'x-content-type-options',
        'connection',
      ]) {
        expect([name, response.headers.get(name)]).toEqual([name, fine.headers.get(name)]);
      }
    }),
  );

  it('for something else than a prediction is answered', () =>
    full(async () => {
      for (const path of ['/predictions', '/v1/models/clothing:train', '/livez']) {
        const response = await fetch(new URL(path, gateway.url), { method: 'POST' });
        expect([404, 405]).toContain(response.status);
      }
      for (const path of ['/livez', '/readyz', '/', '/v1/models']) {
        expect((await fetch(new URL(path, gateway.url))).status).toBe(200);
      }
    }));
});

describe('many clients that send a byte now and then', () => {
  const UPLOAD_HEAD = '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n';

  it.each([
    ['image/jpeg', 'x'],
    ['application/json', '{'],
    ['multipart/form-data; boundary=x', UPLOAD_HEAD],
  ])('of a body of type %s keep nobody out', async (type, start) => {
    const port = Number(new URL(gateway.url).port);
    const slow = Array.from({ length: 4 * MAX_INFLIGHT }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
      socket.write(
        `POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 9000000\r\n\r\n${start}`,
      );
      return socket;
    });
    for (let time = 0; time < 5; time++) {
      for (const socket of slow) socket.write('x');
      const asked = Array.from({ length: MAX_INFLIGHT }, () => predict(gateway.url));
      expect(tally(await Promise.all(asked))).toEqual({ '200': MAX_INFLIGHT });
    }
    for (const socket of slow) socket.destroy();
  });
});

describe('bodies that are on their way', () => {
  it('hold so much and no more, and are refused past that', async () => {
    // All but the last byte of each, so that none of them is in work.
    const size = 15 * 1024 * 1024;
    const asked = Array.from({ length: 5 }, () => {
      const { outgoing, answered } = begin({
        'content-type': 'image/jpeg',
        'content-length': size,
      });
      outgoing.write(Buffer.alloc(size - 1));
      return { outgoing, answered };
    });
    const refused = await Promise.race(asked.map(({ answered }) => answered));
    expect(refused.statusCode).toBe(503);
    expect(await text(refused)).toContain('OVERLOADED');
    for (const { outgoing } of asked) outgoing.destroy();
    await eventually(
      async () =>
        (
          await fetch(new URL('/predict', gateway.url), {
            method: 'POST',
            headers: { 'content-type': 'image/jpeg' },
            body: Buffer.alloc(size),
          })
        ).status,
      (http) => http === 415,
    );
  });
});

describe('images behind links', () => {
  it('hold so much together and no more, and are refused past that', async () => {
    const image = Buffer.alloc(15 * 1024 * 1024);
    const heavy = await startOrigin((_request, response) => {
      response.setHeader('content-length', image.length);
      // All but the last byte, so that none of them is in work.
      response.write(image.subarray(1));
    });
    const ask = () => post(gateway.url, '/predict', { url: `${heavy.url}/a.jpg` });
    const outcomes = tally(await Promise.all(Array.from({ length: 5 }, ask)));
    await heavy.close();
    // Those that are held end as any that is slow.
    expect(Object.keys(outcomes).sort()).toEqual(['503 OVERLOADED', '504 IMAGE_SOURCE_TIMEOUT']);
    await eventually(
      () => post(gateway.url, '/predict', { url: `${answers.url}/a.jpg` }),
      ({ status }) => status === 200,
    );
  });

  it('leave their room to others once they are answered', async () => {
    const image = Buffer.alloc(15 * 1024 * 1024);
    const heavy = await startOrigin((_request, response) => response.end(image));
    const images = Array.from({ length: 8 }, () => ({ url: `${heavy.url}/a.jpg` }));
    for (let time = 0; time < 3; time++) {
      for (const each of images) {
        expect(await post(gateway.url, '/predict', each)).toMatchObject({ status: 415 });
      }
      const body = { images: images.slice(0, 2) };
      expect(await post(gateway.url, '/predict/batch', body)).toMatchObject({ status: 200 });
    }
    await heavy.close();
  });
});

describe('an origin that hangs', () => {
  it('soon holds a quarter of the places, and the others are free', async () => {
    const link = (origin: Origin) => post(gateway.url, '/predict', { url: `${origin.url}/a.jpg` });
    const before = fetches;
    const asked = Array.from({ length: MAX_INFLIGHT }, () => link(hangs));
    await eventually(
      () => Promise.resolve(fetches - before),
      (count) => count === MAX_INFLIGHT,
    );
    const done: number[] = [];
    for (const each of asked) void each.then(({ status }) => done.push(status));
    await eventually(
      () => Promise.resolve(done.length),
      (count) => count === MAX_INFLIGHT - 2,
    );
    expect(await link(hangs)).toMatchObject({ status: 504, code: 'IMAGE_SOURCE_TIMEOUT' });
    const others = Array.from({ length: MAX_INFLIGHT - 2 }, () => link(answers));
    expect(tally(await Promise.all(others))).toEqual({ '200': MAX_INFLIGHT - 2 });
    expect(tally(await Promise.all(asked))).toEqual({ '504 IMAGE_SOURCE_TIMEOUT': MAX_INFLIGHT });
  });
});

describe('a model that is slow', () => {
  it('lets as many wait as there are places, and refuses the rest', async () => {
    server.behaviour = late(200);
    const asked = Array.from({ length: 5 * MAX_INFLIGHT }, () => predict(gateway.url));
    const outcomes = tally(await Promise.all(asked));
    expect(outcomes['200']).toBeGreaterThanOrEqual(MAX_INFLIGHT);
    expect(Object.keys(outcomes).sort()).toEqual(['200', '503 OVERLOADED']);
  });

  it('that hangs gives its places back when its callers go', async () => {
    server.behaviour = hanging;
    const before = server.calls;
    const callers = Array.from({ length: MAX_INFLIGHT }, () => {
      const { outgoing } = begin({ 'content-type': 'image/jpeg' });
      return outgoing;
    });
    const image = await gradientJpeg(100, 80);
    for (const outgoing of callers) outgoing.end(image);
    await eventually(
      () => Promise.resolve(server.calls - before),
      (calls) => calls === MAX_INFLIGHT,
    );
    for (const outgoing of callers) outgoing.destroy();
    server.behaviour = honest;
    await eventually(
      () => predict(gateway.url),
      ({ status }) => status === 200,
    );
  });
});
