import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { serveFolder } from './static-files.js';

describe('a folder of static files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'static-'));
  const server = fastify();

  beforeAll(() => {
    writeFileSync(join(folder, 'index.html'), '<p>page</p>');
    writeFileSync(join(folder, 'app.js'), 'run();');
    writeFileSync(join(folder, 'secret.key'), 'secret');
    serveFolder(server, folder, '/docs');
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['/docs', '/docs/', '/docs/index.html'])('answers %s with its index', async (url) => {
    const response = await server.inject(url);
    expect(response.body).toBe('<p>page</p>');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it.each([
    [undefined, '<p>page</p>'],
    ['*/*', '<p>page</p>'],
    ['text/html,application/json;q=0.9', '<p>page</p>'],
    ['application/json', '{"status":"alive"}'],
  ])('answers %s at its root with %s, where it has both', async (accept, body) => {
    const both = fastify();
    serveFolder(both, folder, '', undefined, { status: 'alive' });
    const response = await both.inject({
      url: '/',
      headers: accept === undefined ? {} : { accept },
    });
    expect(response.body).toBe(body);
    expect(response.headers.vary).toBe('accept');
    await both.close();
  });

  it('tells the type and the length of a file, to HEAD as well', async () => {
    for (const method of ['GET', 'HEAD'] as const) {
      const { headers } = await server.inject({ method, url: '/docs/app.js' });
      expect(headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'content-length': '6',
      });
    }
  });

  it('sends a file that a browser has only once it has changed', async () => {
    const { headers } = await server.inject('/docs/app.js');
    const ask = () =>
      server.inject({ url: '/docs/app.js', headers: { 'if-none-match': headers.etag } });
    const same = await ask();
    expect([same.statusCode, same.body]).toEqual([304, '']);
    utimesSync(join(folder, 'app.js'), 1, 1);
    expect((await ask()).statusCode).toBe(200);
  });

  it.each(['/docs/secret.key', '/docs/../secret.key', '/docs/%2e%2e/secret.key'])(
    'has nothing at %s: neither other files nor ways out of it',
    async (url) => {
      expect((await server.inject(url)).statusCode).toBe(404);
    },
  );
});
