import { Socket } from 'node:net';
import type { Socket as NetSocket } from 'node:net';
import { createGzip, deflateRawSync, gzipSync } from 'node:zlib';
import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { deadNetwork, loopbackNetwork } from '../test/networks.js';
import { closeOrigins, httpOrigin, rawOrigin, tcpOrigin, type Origin } from '../test/origin.js';
import { DomainError } from '#errors';
import { ImageSourceFailedError } from './errors.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const MIB = 1024 * 1024;

/** Writes again and again until the other side is gone. */
function forever(socket: NetSocket, bytes: Buffer | string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

function drip(socket: NetSocket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 5);
  socket.on('close', () => {
    clearInterval(timer);
  });
}

function encoded(encoding: string, body: Buffer): Buffer {
  const head = `${OK}Content-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

describe('an answer that is not an image', () => {
  it.each([201, 204, 205].map((status) => ({ status })))(
    'of status $status and no body is an empty image',
    async ({ status }) => {
      const origin = await httpOrigin((_, response) => response.writeHead(status).end());
      expect(await failure(fetcher().fetch(origin.url))).toMatchObject({
        code: 'INVALID_REQUEST',
        publicMessage: 'The linked image is empty.',
      });
    },
  );

  it.each([206, 300, 304, 305, 400, 401, 403, 404, 407, 418, 429, 500, 502, 503, 599])(
    'of status %i is a failure that tells the status',
    async (status) => {
      const origin = await httpOrigin((_, response) => response.writeHead(status).end('image'));
      const error = await failure(fetcher().fetch(origin.url));
      expect(error).toBeInstanceOf(ImageSourceFailedError);
      expect(error).toMatchObject({
        code: 'IMAGE_SOURCE_FAILED',
        status,
        publicMessage: `The image source answered with status ${status}.`,
      });
    },
  );

  it('of gzip with nothing inside is an empty image', async () => {
    const origin = await rawOrigin((socket) => socket.end(encoded('gzip', gzipSync(''))));
    expect(await failure(fetcher().fetch(origin.url))).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('a broken answer', () => {
  const gzip = gzipSync(Buffer.alloc(1000, 1));
  it.each<{ name: string; answer: string | Buffer }>([
    { name: 'nothing', answer: '' },
    { name: 'no HTTP', answer: 'SSH-2.0-OpenSSH_9.6\r\n' },
    { name: 'HTTP/0.9', answer: '<html>image</html>' },
    { name: 'half a header', answer: 'HTTP/1.1 200 OK\r\nContent-' },
    { name: 'a body cut short', answer: `${OK}Content-Length: 10\r\n\r\nimage` },
    { name: 'no body though one is announced', answer: `${OK}Content-Length: 10\r\n\r\n` },
    { name: 'chunks cut short', answer: `${CHUNKED}5\r\nimage\r\n` },
    { name: 'a chunk cut short', answer: `${CHUNKED}10\r\nimage` },
    { name: 'a bad chunk size', answer: `${CHUNKED}zz\r\nimage\r\n0\r\n\r\n` },
    { name: 'a huge chunk size', answer: `${CHUNKED}ffffffffffffffffff\r\nimage\r\n0\r\n\r\n` },
    { name: 'two lengths', answer: `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nimage` },
    {
      name: 'a length and chunks',
      answer: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nimage\r\n0\r\n\r\n`,
    },
    { name: 'a negative length', answer: `${OK}Content-Length: -5\r\n\r\nimage` },
    { name: 'a header line without colon', answer: `${OK}Content-Length 5\r\n\r\nimage` },
    { name: 'a header larger than 16 KiB', answer: `${OK}X: ${'a'.repeat(17_000)}\r\n\r\nimage` },
    { name: 'a great many headers', answer: `${OK}${'a: b\r\n'.repeat(10_000)}\r\nimage` },
    {
      name: 'a switch of protocols',
      answer: 'HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nimage',
    },
    { name: 'an unknown encoding', answer: encoded('compress', gzip) },
    { name: 'two encodings', answer: encoded('gzip, gzip', gzipSync(gzip)) },
    { name: 'an encoding of the transfer', answer: `${OK}Transfer-Encoding: gzip\r\n\r\nimage` },
    { name: 'gzip cut short', answer: encoded('gzip', gzip.subarray(0, 20)) },
    {
      name: 'gzip with a wrong checksum',
      answer: encoded('gzip', Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)])),
    },
    { name: 'no gzip though it says so', answer: encoded('gzip', Buffer.from('image')) },
    { name: 'raw deflate', answer: encoded('deflate', deflateRawSync('image')) },
    { name: 'no brotli though it says so', answer: encoded('br', Buffer.from('\xff\xff\xff\xff')) },
    { name: 'no zstd though it says so', answer: encoded('zstd', Buffer.from('image')) },
  ])('with $name is a failure of the source', async ({ answer }) => {
    const origin = await rawOrigin((socket) => socket.end(answer));
    const error = await failure(fetcher().fetch(origin.url));
    expect(error).toBeInstanceOf(ImageSourceFailedError);
    expect((error as DomainError).publicMessage).not.toMatch(/127\.|HPE_|ECONN|Z_|socket|Parse/);
  });

  it.each<{ name: string; onConnection: (socket: NetSocket) => void }>([
    { name: 'before the request', onConnection: (socket) => socket.resetAndDestroy() },
    {
      name: 'after the request',
      onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    },
    {
      name: 'within the body',
      onConnection: (socket) =>
        socket.once('data', () => {
          socket.write(`${OK}Content-Length: 10\r\n\r\nimage`, () => socket.resetAndDestroy());
        }),
    },
  ])('reset $name is a failure of the source', async ({ onConnection }) => {
    const origin = await tcpOrigin(onConnection);
    expect(await failure(fetcher().fetch(origin.url))).toBeInstanceOf(ImageSourceFailedError);
  });

  it.each([
    { name: 'endless chunks of one byte', head: CHUNKED, piece: '1\r\na\r\n' },
    { name: 'endless interim answers', head: '', piece: 'HTTP/1.1 100 Continue\r\n\r\n' },
  ])('of $name is a failure of the source', async ({ head, piece }) => {
    const origin = await rawOrigin((socket) => {
      socket.write(head);
      forever(socket, piece.repeat(10_000));
    });
    expect(await failure(fetcher().fetch(origin.url))).toBeInstanceOf(ImageSourceFailedError);
  });

  it('of the name service is told as such', async () => {
    expect(await failure(fetcher().fetch('http://unknown.test/'))).toMatchObject({
      code: 'IMAGE_SOURCE_FAILED',
      status: undefined,
      publicMessage: 'The host name of the image link does not resolve.',
    });
  });

  it('of the name service without any address is told as such', async () => {
    const network = deadNetwork({ 'empty.test': [] });
    expect(await failure(fetcher({ network }).fetch('http://empty.test/'))).toMatchObject({
      code: 'IMAGE_SOURCE_FAILED',
    });
  });
});

describe('a body that is too large', () => {
  const bomb = gzipSync(Buffer.alloc(50 * MIB));

  it.each<{ name: string; answer: (socket: NetSocket) => void }>([
    {
      name: 'by its announced length, before it is read',
      answer: (socket) => socket.write(`${OK}Content-Length: ${MIB + 1}\r\n\r\n`),
    },
    {
      name: 'by one byte',
      answer: (socket) =>
        socket.end(Buffer.concat([Buffer.from(`${OK}\r\n`), Buffer.alloc(MIB + 1)])),
    },
    {
      name: 'without a length and without an end',
      answer: (socket) => {
        socket.write(`${OK}\r\n`);
        forever(socket, Buffer.alloc(65536));
      },
    },
    {
      name: 'in endless chunks',
      answer: (socket) => {
        socket.write(CHUNKED);
        forever(socket, `4000\r\n${'a'.repeat(0x4000)}\r\n`);
      },
    },
    { name: 'once decoded', answer: (socket) => socket.end(encoded('gzip', bomb)) },
    {
      name: 'once decoded, without an end',
      answer: (socket) => {
        socket.write(`${OK}Content-Encoding: gzip\r\n\r\n`);
        const gzip = createGzip();
        gzip.pipe(socket);
        const more = (): void => {
          while (!socket.destroyed && gzip.write(Buffer.alloc(65536)));
        };
        gzip.on('drain', more);
        socket.on('close', () => gzip.destroy());
        more();
      },
    },
    {
      name: 'as sent, though it decodes to nothing',
      answer: (socket) => {
        // A deflate stream of empty stored blocks.
        socket.write(`${OK}Content-Encoding: deflate\r\n\r\n`);
        socket.write(Buffer.from([0x78, 0x9c]));
        forever(socket, Buffer.from('000000ffff'.repeat(10_000), 'hex'));
      },
    },
  ])('$name is refused, and the connection closed', async ({ answer }) => {
    let closed: Promise<unknown> | undefined;
    const origin = await rawOrigin((socket) => {
      closed = new Promise((resolve) => socket.once('close', resolve));
      answer(socket);
    });
    expect(await failure(fetcher({ maxBytes: MIB }).fetch(origin.url))).toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      publicMessage: 'The linked image is larger than 1048576 bytes.',
    });
    await closed;
  });
});

describe('a source that takes its time', () => {
  const slow: {
    name: string;
    scheme?: string;
    answer: (socket: NetSocket, origin: Origin) => void;
  }[] = [
    { name: 'that accepts and says nothing', answer: () => undefined },
    { name: 'that accepts and never shakes hands', scheme: 'https', answer: () => undefined },
    {
      name: 'that drips its header',
      answer: (socket) => {
        socket.write(OK);
        drip(socket, 'a: b\r\n');
      },
    },
    {
      name: 'that drips its body',
      answer: (socket) => {
        socket.write(`${OK}Content-Length: 900000\r\n\r\n`);
        drip(socket, 'a');
      },
    },
    {
      name: 'that drips chunks',
      answer: (socket) => {
        socket.write(CHUNKED);
        drip(socket, '1\r\na\r\n');
      },
    },
    {
      name: 'that stops within its body',
      answer: (socket) => socket.write(`${OK}Content-Length: 10\r\n\r\nimage`),
    },
    {
      name: 'that stops within gzip',
      answer: (socket) => socket.write(encoded('gzip', gzipSync('image')).subarray(0, -3)),
    },
    {
      name: 'that redirects for ever, each time soon',
      answer: (socket) => {
        setTimeout(() => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n'), 10);
      },
    },
  ];

  it.each(slow)('$name runs into the one budget', async ({ scheme = 'http', answer }) => {
    let closed: Promise<unknown> | undefined;
    const origin = await rawOrigin((socket) => {
      closed = new Promise((resolve) => socket.once('close', resolve));
      answer(socket, origin);
    });
    const images = fetcher({ timeoutMs: 250, maxRedirects: 1_000_000 });
    expect(await failure(images.fetch(`${scheme}://127.0.0.1:${origin.port}/`))).toMatchObject({
      code: 'IMAGE_SOURCE_TIMEOUT',
    });
    await closed;
  });

  it('in the name service runs into the budget too', async () => {
    const network = deadNetwork();
    network.lookup = () => new Promise(() => undefined);
    const fetched = fetcher({ network, timeoutMs: 50 }).fetch('http://slow.test/');
    expect(await failure(fetched)).toMatchObject({ code: 'IMAGE_SOURCE_TIMEOUT' });
  });

  it('in connecting runs into the budget too, and every attempt is closed', async () => {
    const sockets: Socket[] = [];
    const network = loopbackNetwork({ 'slow.test': ['127.0.0.1', '127.0.0.2', '127.0.0.3'] });
    network.connect = () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    };
    const fetched = fetcher({ network, timeoutMs: 400 }).fetch('http://slow.test/');
    expect(await failure(fetched)).toMatchObject({ code: 'IMAGE_SOURCE_TIMEOUT' });
    expect(sockets.map((socket) => socket.destroyed)).toEqual([true, true]);
  });

  it.each([
    { name: "a caller's shorter budget", configured: 20_000, asked: 50 },
    { name: 'the configured budget though a caller asks for more', configured: 50, asked: 20_000 },
    { name: 'no time left at all', configured: 20_000, asked: 0 },
    { name: 'less than no time left', configured: 20_000, asked: -1 },
  ])('is held to $name', async ({ configured, asked }) => {
    const origin = await rawOrigin(() => undefined);
    const images = fetcher({ timeoutMs: configured });
    expect(await failure(images.fetch(origin.url, { timeoutMs: asked }))).toMatchObject({
      code: 'IMAGE_SOURCE_TIMEOUT',
    });
  });
});
