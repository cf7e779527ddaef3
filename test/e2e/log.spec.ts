import { killAll, start, urlOf } from '../support/gateway-process.js';
import { gradientPng } from '../support/images.js';
import { startOrigin } from '../support/origin.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const KEY = 'right-0123456789';

afterEach(killAll);

/** What must be found in no line, and where it was sent. */
const SECRETS = [
  'hunter2', // in links: all but the host, which is told where it does not resolve
  'iVBORw0KGgo', // an image in base64
  '0123456789', // API keys
  'c29tZXRoaW5n', // another's Authorization
  'session-cookie',
  'query-secret', // the request's own query
];

describe('the log at its most talkative', () => {
  it('holds no secret, no image and no link, and names the trace of whoever has one', async () => {
    const run = start({
      LOG_LEVEL: 'trace',
      LOG_FORMAT: 'json',
      SHUTDOWN_DELAY_MS: '0',
      API_KEYS: KEY,
      IMAGE_FETCH_ALLOW: '127.0.0.1',
      IMAGE_FETCH_TIMEOUT_MS: '1000',
    });
    const url = await urlOf(run);
    const png = (await gradientPng()).toString('base64');
    const links = [
      'http://user:hunter2@example.com/x.png',
      'http://127.0.0.1:1/hunter2.png?token=hunter2#hunter2',
      'https://127.0.0.1:1/?token=hunter2',
      'http://10.0.0.1/hunter2?token=hunter2',
      'ftp://hunter2/x',
      'http://[hunter2]/',
      'http://origin.invalid/?token=hunter2',
      `http://127.0.0.1:1/${'hunter2'.repeat(2000)}`,
      `data:image/png;base64,${png}`,
      'not a link hunter2',
    ];
    const bodies = [
      ...links.map((link) => ({ url: link })),
      { image: `data:image/png;base64,${png}` },
      { image: `data:image/png;base64,${png.slice(0, 60)}` },
      { image: `data:text/plain,hunter2` },
      { image: `${png}!` },
      { image: png, url: 'hunter2' },
      { hunter2: png },
    ];
    const ask = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(new URL(`${path}?x=query-secret`, url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': KEY,
          cookie: 'id=session-cookie',
          traceparent: `00-${TRACE}-${SPAN}-01`,
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.status;
    };
    for (const body of bodies) await ask('/predict', body);
    const instances = bodies.map((body) => ('image' in body ? { b64: body.image } : body));
    await ask('/predict/batch', { images: bodies });
    await ask('/v1/models/clothing-model:predict', { instances });
    await ask('/predict', `{"url": "hunter2", "image": "${png}`);
    await ask('/predict', {}, { 'x-api-key': 'wrong-0123456789' });
    await ask('/predict', {}, { authorization: 'Basic c29tZXRoaW5n' });
    await ask('/predict/hunter2', {});
    await ask('/predict', Buffer.from(png, 'base64').toString('latin1'), {
      'content-type': 'image/png',
    });
    run.process.kill('SIGTERM');
    expect(await run.exited).toBe(0);

    const lines = run.output().trim().split('\n');
    for (const secret of SECRETS) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
    type Line = Record<string, unknown>;
    const ofRequests = lines
      .map((line) => JSON.parse(line) as Line)
      .filter(({ requestId }) => requestId !== undefined);
    expect(ofRequests.length).toBeGreaterThan(2 * bodies.length);
    for (const line of ofRequests) expect(line).toMatchObject({ trace_id: TRACE, span_id: SPAN });
  });

  it('names no trace where the caller has none, or one that is none', async () => {
    const run = start({ LOG_LEVEL: 'debug', LOG_FORMAT: 'json', SHUTDOWN_DELAY_MS: '0' });
    const url = await urlOf(run);
    for (const headers of [{}, { traceparent: 'hunter2' }] as Record<string, string>[]) {
      await (await fetch(new URL('/livez', url), { headers })).arrayBuffer();
    }
    run.process.kill('SIGTERM');
    await run.exited;
    expect(run.output()).toContain('"route":"/livez"');
    expect(run.output()).not.toMatch(/trace_id|hunter2/);
  });

  it('takes it for no fault that a caller has gone', async () => {
    const asked = new AbortController();
    const origin = await startOrigin(() => {
      asked.abort();
    });
    const run = start({
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
      SHUTDOWN_DELAY_MS: '0',
      IMAGE_FETCH_ALLOW: '127.0.0.1',
    });
    const url = await urlOf(run);
    const answer = fetch(new URL('/predict', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${origin.url}/x.png` }),
      signal: asked.signal,
    });
    await expect(answer).rejects.toThrow('aborted');
    run.process.kill('SIGTERM');
    await run.exited;
    await origin.close();
    expect(run.output()).toContain('The request took longer than it may.');
    expect(run.output()).not.toContain('"level":"error"');
  });
});
