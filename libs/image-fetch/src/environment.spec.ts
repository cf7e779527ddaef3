import * as http from 'node:http';
import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { closeOrigins, httpOrigin, rawOrigin } from '../test/origin.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

const VARIABLES = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
];

describe('a proxy in the environment', () => {
  const before = { ...process.env };
  let restore: (() => void) | undefined;

  afterEach(() => {
    for (const name of [...VARIABLES, 'NODE_USE_ENV_PROXY']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    restore?.();
  });

  it('is never used: behind it the address check would see the proxy alone', async () => {
    const proxy = await rawOrigin((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nproxied'));
    const origin = await httpOrigin((_, response) => response.end('image'));
    for (const name of VARIABLES) process.env[name] = proxy.url;
    process.env['NODE_USE_ENV_PROXY'] = '1';
    // What NODE_USE_ENV_PROXY does at start; Node 20 has neither.
    const { setGlobalProxyFromEnv } = http as unknown as {
      setGlobalProxyFromEnv?: (env: object) => () => void;
    };
    restore = setGlobalProxyFromEnv?.({ http_proxy: proxy.url, https_proxy: proxy.url });

    const images = fetcher();
    expect((await images.fetch(origin.url)).toString()).toBe('image');
    await failure(images.fetch(`https://127.0.0.1:${origin.port}/`));
    expect(origin.connections).toHaveLength(2);
    expect(proxy.connections).toEqual([]);
  });
});
