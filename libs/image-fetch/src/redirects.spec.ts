import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { loopbackNetwork } from '../test/networks.js';
import { closeOrigins, httpOrigin, rawOrigin } from '../test/origin.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('of status %i are followed with GET', async (status) => {
    const seen: string[] = [];
    const origin = await httpOrigin((request, response) => {
      seen.push(`${request.method!} ${request.url!}`);
      if (request.url === '/a/b') response.writeHead(status, { Location: '../c?d' }).end('moved');
      else response.end('image');
    });
    expect((await fetcher().fetch(`${origin.url}/a/b`)).toString()).toBe('image');
    expect(seen).toEqual(['GET /a/b', 'GET /c?d']);
  });

  it.each([
    { maxRedirects: 0, follows: 0 },
    { maxRedirects: 1, follows: 1 },
    { maxRedirects: 3, follows: 3 },
  ])('are followed $follows times where $maxRedirects are allowed', async ({ maxRedirects }) => {
    let left = maxRedirects;
    const origin = await httpOrigin((_, response) => {
      if (left-- > 0) response.writeHead(302, { Location: '/again' });
      response.end('image');
    });
    const images = fetcher({ maxRedirects });
    expect((await images.fetch(origin.url)).toString()).toBe('image');

    left = maxRedirects + 1;
    expect(await failure(images.fetch(origin.url))).toMatchObject({
      code: 'IMAGE_SOURCE_FAILED',
      publicMessage: `The image link redirects more than ${maxRedirects} times.`,
    });
  });

  it('in a loop end', async () => {
    let requests = 0;
    const origin = await httpOrigin((_, response) => {
      requests++;
      response.writeHead(302, { Location: '/' }).end();
    });
    await failure(fetcher({ maxRedirects: 5 }).fetch(origin.url));
    expect(requests).toBe(6);
  });

  it('lead to other hosts, each looked up and asked by its own name', async () => {
    const hosts: (string | undefined)[] = [];
    const origin = await httpOrigin((request, response) => {
      hosts.push(request.headers.host);
      const next = `http://b.test:${origin.port}/`;
      if (request.headers.host?.startsWith('a.')) response.writeHead(302, { Location: next });
      response.end('image');
    });
    const network = loopbackNetwork({ 'a.test': ['127.0.0.1'], 'b.test': ['127.0.0.1'] });
    await fetcher({ network }).fetch(`http://a.test:${origin.port}/`);
    expect(network.lookups).toEqual(['a.test', 'b.test']);
    expect(hosts).toEqual([`a.test:${origin.port}`, `b.test:${origin.port}`]);
  });

  it('have their body left unread', async () => {
    let written = 0;
    const origin = await rawOrigin((socket) => {
      socket.write(`HTTP/1.1 302 Found\r\nLocation: ${image.url}\r\n\r\n`);
      const more = (): void => {
        while (!socket.destroyed && written < 1e9) {
          written += 65536;
          if (!socket.write(Buffer.alloc(65536))) return;
        }
      };
      socket.on('drain', more);
      more();
    });
    const image = await httpOrigin((_, response) => response.end('image'));
    expect((await fetcher().fetch(origin.url)).toString()).toBe('image');
    expect(written).toBeLessThan(1e9);
  });

  it.each([
    { name: 'no location', header: '' },
    { name: 'a location that is no URL', header: 'Location: http://\r\n' },
    { name: 'a location with a password', header: 'Location: http://a:b@127.0.0.1/\r\n' },
    {
      name: 'a location that is longer than the header may be',
      header: `Location: /${'a'.repeat(20_000)}\r\n`,
    },
  ])('with $name are failures of the source', async ({ header }) => {
    const origin = await rawOrigin((socket) => socket.end(`HTTP/1.1 302 Found\r\n${header}\r\n`));
    expect(await failure(fetcher().fetch(origin.url))).toMatchObject({
      code: 'IMAGE_SOURCE_FAILED',
    });
  });
});
