import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';

const KEY = 'right-0123456789';
const OTHER = 'other-0123456789';
const WRONG = 'wrong-0123456789';

let stack: Stack;
let socket: Socket | undefined;
const start = async (environment: Record<string, string>): Promise<void> => {
  stack = await startStack({ RATE_LIMIT_PER_MINUTE: '2', ...environment });
};
afterEach(async () => {
  socket?.destroy();
  await stack.close();
});

/** An empty image: refused with 400, but only once it was let through. */
function ask(headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL('/predict', stack.url), {
    method: 'POST',
    headers: { 'content-type': 'image/png', ...headers },
  });
}

async function statusesOf(...headers: Record<string, string>[]): Promise<number[]> {
  const statuses = [];
  for (const each of headers) statuses.push((await ask(each)).status);
  return statuses;
}

describe('where the rate is limited', () => {
  it('what comes too often is refused with 429 and told when to come again', async () => {
    await start({});
    expect(await statusesOf({}, {})).toEqual([400, 400]);
    const response = await ask();
    expect(response.status).toBe(429);
    // Half a minute for a token, less what has passed since.
    const wait = Number(response.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(30);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      requestId: response.headers.get('x-request-id'),
    });
    const metrics = await (await fetch(stack.metricsUrl)).text();
    expect(metrics).toMatch(/^gateway_rate_limited_total 1$/m);
    expect(metrics).toMatch(/route="\/predict",status="429",code="RATE_LIMITED"\} 1$/m);

    for (const path of [
      '/',
      '/app.js',
      '/samples',
      '/docs',
      '/openapi.json',
      '/livez',
      '/readyz',
    ]) {
      expect((await fetch(new URL(path, stack.url))).status).toBe(200);
    }
  });

  it('it is refused at the headers, and the connection kept when the body follows', async () => {
    await start({});
    await statusesOf({}, {});
    socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    await once(socket, 'connect');
    const statuses = () => Promise.resolve(received.match(/HTTP\/1\.1 \d+/g)?.join());
    socket.write(
      'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n',
    );
    await eventually(statuses, (them) => them === 'HTTP/1.1 429');
    socket.write(Buffer.alloc(1_000_000));
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(statuses, (them) => them === 'HTTP/1.1 429,HTTP/1.1 200');
  });

  it('each key has a rate of its own, and who has none or a wrong one that of its address', async () => {
    await start({ API_KEYS: `${KEY},${OTHER}` });
    const [right, other, wrong] = [KEY, OTHER, WRONG].map((key) => ({ 'x-api-key': key }));
    const bearer = { authorization: `Bearer ${KEY}` };
    expect(await statusesOf(right!, bearer, right!, other!)).toEqual([400, 400, 429, 400]);
    expect(await statusesOf(wrong!, {}, wrong!, {}, other!)).toEqual([401, 401, 429, 429, 400]);
  });

  it.each([
    ['/predict/batch', { images: [{}, {}, {}] }],
    ['/v1/models/clothing-model:predict', { instances: [{}, {}, {}] }],
    [
      '/v2/models/clothing-model/infer',
      { inputs: [{ name: 'image', datatype: 'BYTES', shape: [3], data: ['', '', ''] }] },
    ],
  ])('%s costs as many as it has images', async (path, body) => {
    await start({ RATE_LIMIT_PER_MINUTE: '5' });
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      const response = await fetch(new URL(path, stack.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      statuses.push(response.status);
    }
    // What is in the images is not looked at before they are paid for: three of five, and of two left
    // one admits each of the others.
    expect(statuses.map((status) => status === 429)).toEqual([false, true, true]);
    expect(await statusesOf({})).toEqual([429]);
  });

  it('what a caller says of its address is not believed', async () => {
    await start({});
    const claims = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) => ({ 'x-forwarded-for': ip }));
    expect(await statusesOf(...claims)).toEqual([400, 400, 429]);
  });

  it('what a trusted proxy says is, and nothing that the caller had put before it', async () => {
    await start({ TRUSTED_PROXIES: '127.0.0.1,::1,10.0.0.0/8' });
    const via = (list: string) => ({ 'x-forwarded-for': list });
    const same = [via('192.0.2.1'), via('192.0.2.9, 192.0.2.1'), via('x, 192.0.2.1, 10.1.1.1')];
    expect(await statusesOf(...same)).toEqual([400, 400, 429]);
    expect(await statusesOf(via('192.0.2.2'))).toEqual([400]);
    const network = ['2001:db8:1:2::1', '2001:db8:1:2:a::2', '2001:db8:1:2:b::3'].map(via);
    expect(await statusesOf(...network)).toEqual([400, 400, 429]);
    expect(await statusesOf(via('2001:db8:1:3::1'))).toEqual([400]);
  });
});
