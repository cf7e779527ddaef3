import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as zlib from 'node:zlib';
import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { diverted, loopbackNetwork } from '../test/networks.js';
import { closeOrigins, httpOrigin, rawOrigin, tcpOrigin } from '../test/origin.js';
import { ImageSourceFailedError } from './errors.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

const image = randomBytes(100_000);

describe('ImageFetcher', () => {
  it('fetches the bytes behind a link, whatever their content type', async () => {
    const origin = await httpOrigin((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(image);
    });
    expect((await fetcher().fetch(`${origin.url}/a.png`)).equals(image)).toBe(true);
  });

  it('tells who asks, and sends nothing else of its own', async () => {
    let request: IncomingMessage | undefined;
    const origin = await httpOrigin((received, response) => {
      request = received;
      response.end(image);
    });
    await fetcher().fetch(`${origin.url}/a%20b/ü?c=d&e#fragment`);
    expect(request).toMatchObject({ method: 'GET', url: '/a%20b/%C3%BC?c=d&e' });
    expect(request!.headers).toEqual({
      host: `127.0.0.1:${origin.port}`,
      'user-agent': expect.stringMatching(
        /^image-classification-gateway\/\d+\.\d+\.\d+$/,
      ) as string,
      accept: 'image/*',
      'accept-encoding': 'identity',
      connection: 'keep-alive',
    });
  });

  it('sends back no cookie that it was given', async () => {
    const cookies: (string | undefined)[] = [];
    const origin = await httpOrigin((request, response) => {
      cookies.push(request.headers.cookie);
      response.setHeader('Set-Cookie', 'a=b');
      if (request.url === '/') response.writeHead(302, { Location: '/x' });
      response.end('image');
    });
    const images = fetcher();
    await images.fetch(origin.url);
    await images.fetch(origin.url);
    expect(cookies).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('names the host without its trailing dot', async () => {
    let host: string | undefined;
    const origin = await httpOrigin((request, response) => {
      host = request.headers.host;
      response.end(image);
    });
    const network = loopbackNetwork({ 'images.test': ['127.0.0.1'] });
    await fetcher({ network }).fetch(`http://Images.TEST.:${origin.port}/`);
    expect(host).toBe(`images.test:${origin.port}`);
    expect(network.lookups).toEqual(['images.test']);
  });

  it.each([
    {
      name: 'with its length',
      head: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      body: 'image',
    },
    {
      name: 'in chunks',
      head: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      body: '2\r\nim\r\n3;x=y\r\nage\r\n0\r\nTrailer: x\r\n\r\n',
    },
    { name: 'up to the close of the connection', head: 'HTTP/1.1 200 OK\r\n\r\n', body: 'image' },
    { name: 'from an HTTP/1.0 server', head: 'HTTP/1.0 200 OK\r\n\r\n', body: 'image' },
    {
      name: 'after a 100 and a 103',
      head: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      body: 'image',
    },
    {
      name: 'without what follows its announced length',
      head: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      body: 'image and more',
    },
    {
      name: 'that says it is not encoded',
      head: 'HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 5\r\n\r\n',
      body: 'image',
    },
    {
      name: 'with another status of success',
      head: 'HTTP/1.1 203 X\r\nContent-Length: 5\r\n\r\n',
      body: 'image',
    },
  ])('reads a body $name', async ({ head, body }) => {
    const origin = await rawOrigin((socket) => socket.end(head + body));
    expect((await fetcher().fetch(origin.url)).toString()).toBe('image');
  });

  it.each([
    { encoding: 'gzip', encode: zlib.gzipSync },
    { encoding: 'X-GZip', encode: zlib.gzipSync },
    { encoding: 'deflate', encode: zlib.deflateSync },
    { encoding: 'br', encode: zlib.brotliCompressSync },
    { encoding: 'identity, gzip', encode: zlib.gzipSync },
    ...('zstdCompressSync' in zlib
      ? [{ encoding: 'zstd', encode: zlib.zstdCompressSync as (body: Buffer) => Buffer }]
      : []),
  ])('decodes $encoding, though none was asked for', async ({ encoding, encode }) => {
    const origin = await httpOrigin((_, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(encode(image));
    });
    expect((await fetcher().fetch(origin.url)).equals(image)).toBe(true);
  });

  it('takes a body of exactly maxBytes', async () => {
    const origin = await httpOrigin((_, response) => response.end(image));
    const images = fetcher({ maxBytes: image.length });
    expect((await images.fetch(origin.url)).equals(image)).toBe(true);
  });

  it('connects to a public address without an allow list', async () => {
    const origin = await httpOrigin((_, response) => response.end(image));
    const network = diverted({ 'images.test': ['93.184.216.34'] });
    await fetcher({ allow: '', network }).fetch(`http://images.test:${origin.port}/`);
    expect(network.connections).toEqual([`93.184.216.34 ${origin.port}`]);
  });

  it('goes on to the next address where one refuses', async () => {
    const origin = await httpOrigin((_, response) => response.end(image));
    const network = loopbackNetwork({ 'images.test': ['10.0.0.1', '127.0.0.1'] });
    await fetcher({ allow: 'images.test', network }).fetch(`http://images.test:${origin.port}/`);
    expect(network.connections).toEqual([`10.0.0.1 ${origin.port}`, `127.0.0.1 ${origin.port}`]);
  });

  it('serves many at once', async () => {
    const origin = await httpOrigin((request, response) => response.end(request.url));
    const images = fetcher();
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const bodies = await Promise.all(paths.map((path) => images.fetch(origin.url + path)));
    expect(bodies.map(String)).toEqual(paths);
  });

  describe('connections', () => {
    it('are kept for the next link to the same place', async () => {
      const origin = await httpOrigin((_, response) => response.end(image));
      const network = loopbackNetwork({ 'images.test': ['127.0.0.1'] });
      const images = fetcher({ network });
      for (let i = 0; i < 3; i++) await images.fetch(`http://images.test:${origin.port}/${i}`);
      expect(network.lookups).toEqual(['images.test']);
      expect(origin.connections).toHaveLength(1);
    });

    it('are not shared between names, for each was checked for its own', async () => {
      const origin = await httpOrigin((_, response) => response.end(image));
      const network = loopbackNetwork({ 'a.test': ['127.0.0.1'], 'b.test': ['127.0.0.1'] });
      const images = fetcher({ network, allow: 'a.test' });
      await images.fetch(`http://a.test:${origin.port}/`);
      expect(await failure(images.fetch(`http://b.test:${origin.port}/`))).toMatchObject({
        code: 'URL_FORBIDDEN',
      });
      expect(origin.connections).toHaveLength(1);
    });

    it('that the origin closed while idle are made again', async () => {
      const origin = await httpOrigin((_, response) => response.end(image));
      const images = fetcher();
      await images.fetch(origin.url);
      origin.connections[0]!.destroy();
      await images.fetch(origin.url);
      expect(origin.connections).toHaveLength(2);
    });

    it('that the origin closes on being used again are made again', async () => {
      let requests = 0;
      const origin = await tcpOrigin((socket) => {
        let used = false;
        socket.on('data', () => {
          requests++;
          if (used) socket.resetAndDestroy();
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nimage');
          used = true;
        });
      });
      const images = fetcher();
      for (let i = 0; i < 3; i++) {
        expect((await images.fetch(origin.url)).toString()).toBe('image');
      }
      expect(origin.connections).toHaveLength(3);
      expect(requests).toBe(5);
    });

    it('made again are checked again', async () => {
      const origin = await httpOrigin((_, response) => response.end(image));
      const names = { 'images.test': ['93.184.216.34'] };
      const network = diverted(names);
      const images = fetcher({ allow: '', network });
      await images.fetch(`http://images.test:${origin.port}/`);
      names['images.test'] = ['10.0.0.1'];
      origin.connections[0]!.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await failure(images.fetch(`http://images.test:${origin.port}/`))).toMatchObject({
        code: 'URL_FORBIDDEN',
      });
      expect(network.connections).toHaveLength(1);
    });

    it('are closed with the fetcher', async () => {
      const origin = await httpOrigin((_, response) => response.end(image));
      const images = fetcher();
      await images.fetch(origin.url);
      const closed = new Promise((resolve) => origin.connections[0]!.once('close', resolve));
      await images.close();
      await closed;
    });
  });

  describe('the signal', () => {
    const reason = new Error('the caller left');

    it('refuses a fetch that it aborted beforehand, before any lookup', async () => {
      const network = loopbackNetwork();
      const fetched = fetcher({ network }).fetch('http://images.test/', {
        signal: AbortSignal.abort(reason),
      });
      expect(await failure(fetched)).toBe(reason);
      expect(network.lookups).toEqual([]);
    });

    it('ends a hanging name lookup', async () => {
      const controller = new AbortController();
      const network = loopbackNetwork();
      network.lookup = () => {
        setImmediate(() => {
          controller.abort(reason);
        });
        return new Promise(() => undefined);
      };
      const fetched = fetcher({ network }).fetch('http://images.test/', controller);
      expect(await failure(fetched)).toBe(reason);
    });

    it.each([
      { stage: 'the TLS handshake', scheme: 'https', answer: '' },
      { stage: 'the wait for an answer', scheme: 'http', answer: '' },
      { stage: 'the header', scheme: 'http', answer: 'HTTP/1.1 200 OK\r\nContent-' },
      {
        stage: 'the body',
        scheme: 'http',
        answer: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nim',
      },
      {
        stage: 'an encoded body',
        scheme: 'http',
        answer: 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 50\r\n\r\n\x1f',
      },
    ])('ends $stage, and the connection with it', async ({ scheme, answer }) => {
      const controller = new AbortController();
      let closed: Promise<unknown> | undefined;
      const origin = await rawOrigin((socket) => {
        closed = new Promise((resolve) => socket.once('close', resolve));
        socket.write(answer, 'latin1', () => {
          setTimeout(() => {
            controller.abort(reason);
          }, 20);
        });
      });
      const fetched = fetcher().fetch(`${scheme}://127.0.0.1:${origin.port}/`, controller);
      expect(await failure(fetched)).toBe(reason);
      await closed;
    });

    it('is left without a listener, whatever came of the fetch', async () => {
      const { signal } = new AbortController();
      const origin = await httpOrigin((request, response) => {
        response.writeHead(request.url === '/good' ? 200 : 500).end('image');
      });
      const images = fetcher();
      await images.fetch(`${origin.url}/good`, { signal });
      await failure(images.fetch(`${origin.url}/bad`, { signal }));
      await failure(images.fetch('not a link', { signal }));
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });
  });

  describe('close', () => {
    it('aborts what runs and refuses what comes', async () => {
      const origin = await rawOrigin(() => undefined);
      const images = fetcher();
      const running = failure(images.fetch(origin.url));
      await images.close();
      expect(await running).toMatchObject({ name: 'AbortError' });
      expect(await failure(images.fetch(origin.url))).toMatchObject({ name: 'AbortError' });
    });
  });

  describe('the message of a failure', () => {
    it('tells no address, and keeps the reason as its cause', async () => {
      const origin = await httpOrigin(() => undefined);
      await origin.close();
      const error = await failure(fetcher().fetch(origin.url));
      expect(error).toBeInstanceOf(ImageSourceFailedError);
      expect((error as ImageSourceFailedError).publicMessage).not.toMatch(/127|\d{4}|ECONN/);
      expect((error as ImageSourceFailedError).cause).toMatchObject({
        errors: [{ code: 'ECONNREFUSED' }],
      });
    });
  });
});
