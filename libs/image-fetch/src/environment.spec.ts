import * as http from 'node:http';
import { withEnvironment } from '../test/environment.js';
import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { closeOrigins, httpOrigin, rawOrigin } from '../test/origin.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

/** What NODE_USE_ENV_PROXY does at start, for Nodes that can; Node 20 has neither. */
const { setGlobalProxyFromEnv } = http as unknown as {
  setGlobalProxyFromEnv?: (env: object) => () => void;
};

describe('a proxy in the environment', () => {
  it('is never used: behind it the address check would see the proxy alone', async () => {
    const proxy = await rawOrigin((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nproxied'));
    const origin = await httpOrigin((_, response) => response.end('image'));
    const proxies = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ALL_PROXY: proxy.url };
    const lower = { http_proxy: proxy.url, https_proxy: proxy.url, all_proxy: proxy.url };
    await withEnvironment({ ...proxies, ...lower, NODE_USE_ENV_PROXY: '1' }, async () => {
      const restore = setGlobalProxyFromEnv?.(lower);
      const images = fetcher();
      expect((await images.fetch(origin.url)).toString()).toBe('image');
      await failure(images.fetch(`https://127.0.0.1:${origin.port}/`));
      restore?.();
    });
    expect(origin.connections).toHaveLength(2);
    expect(proxy.connections).toEqual([]);
  });
});
