import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { closeFetchers, failure, fetcher } from '../test/fetching.js';
import { closeOrigins, httpOrigin, tcpOrigin } from '../test/origin.js';
import { loopbackNetwork } from '../test/networks.js';
import { ImageSourceFailedError } from './errors.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

const BODY = randomBytes(3000);

function bytes(...parts: (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function chunked(...chunks: Buffer[]): Buffer {
  return bytes(
    ...chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']),
    '0\r\n\r\n',
  );
}

/** Answers every request on a connection with the same bytes. */
function answering(answer: Buffer): ReturnType<typeof tcpOrigin> {
  return tcpOrigin((socket) => socket.on('data', () => socket.write(answer)));
}

/** Sends bytes in pieces of a size, each as a packet of its own. */
function inPieces(socket: Socket, answer: Buffer, size: number): void {
  socket.setNoDelay(true);
  let at = 0;
  const next = (): void => {
    if (at >= answer.length || socket.destroyed) return;
    socket.write(answer.subarray(at, (at += size)), () => setImmediate(next));
  };
  next();
}

const OK = 'HTTP/1.1 200 OK\r\n';
const gzip = gzipSync(BODY);

it('is whole where the pieces of several come by turns', async () => {
  const bodies = Array.from({ length: 8 }, () => randomBytes(3000));
  const { url } = await tcpOrigin((socket) =>
    socket.once('data', (request) => {
      const body = gzipSync(bodies[Number(/\d/.exec(request.toString('latin1'))![0])]!);
      const head = `${OK}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
      inPieces(socket, bytes(head, body), 20);
    }),
  );
  const images = fetcher({ network: loopbackNetwork() });
  const fetched = bodies.map((_, index) => images.fetch(`${url}/${index}`));
  expect(await Promise.all(fetched)).toEqual(bodies);
});

describe('an answer', () => {
  const answers: { name: string; answer: Buffer }[] = [
    { name: 'of a length', answer: bytes(OK, 'Content-Length: 3000\r\n\r\n', BODY) },
    {
      name: 'in chunks',
      answer: bytes(
        OK,
        'Transfer-Encoding: chunked\r\n\r\n',
        chunked(BODY.subarray(0, 1), BODY.subarray(1, 2000), BODY.subarray(2000)),
      ),
    },
    {
      name: 'in chunks with extensions and trailers',
      answer: bytes(
        OK,
        'transfer-encoding: Chunked\r\n\r\nBB8;name="a value"\r\n',
        BODY,
        '\r\n0;last\r\nChecksum: 1\r\n\r\n',
      ),
    },
    {
      name: 'of gzip in chunks',
      answer: bytes(
        OK,
        'Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n',
        chunked(gzip.subarray(0, 100), gzip.subarray(100)),
      ),
    },
    {
      name: 'behind interim answers',
      answer: bytes(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\n',
        OK,
        'Content-Length: 3000\r\n\r\n',
        BODY,
      ),
    },
    {
      name: 'with odd but valid headers',
      answer: bytes(
        'HTTP/1.1 200\r\nX-Empty:\r\nX-Folded: a\r\n  b\r\nX-\u00e9: 1\r\n'.replace(
          'X-\u00e9',
          "X!#$%&'*+.^_`|~",
        ),
        'CONTENT-LENGTH:\t3000 \r\n\r\n',
        BODY,
      ),
    },
  ];

  it.each(answers.flatMap((answer) => [1, 2, 7, 1000].map((size) => ({ ...answer, size }))))(
    '$name is the image, in pieces of $size bytes',
    async ({ answer, size }) => {
      const origin = await tcpOrigin((socket) =>
        socket.on('data', () => {
          inPieces(socket, answer, size);
        }),
      );
      expect((await fetcher().fetch(origin.url)).equals(BODY)).toBe(true);
    },
  );

  it.each(answers)('$name leaves its connection to the next request', async ({ answer }) => {
    const origin = await answering(answer);
    const network = loopbackNetwork();
    const images = fetcher({ network });
    for (let i = 0; i < 3; i++) {
      expect((await images.fetch(origin.url)).equals(BODY)).toBe(true);
    }
    expect(network.connections).toHaveLength(1);
  });

  it.each([
    {
      name: 'is of HTTP/1.0',
      answer: bytes('HTTP/1.0 200 OK\r\nContent-Length: 3000\r\n\r\n', BODY),
    },
    {
      name: 'says close',
      answer: bytes(OK, 'Connection: Close\r\nContent-Length: 3000\r\n\r\n', BODY),
    },
    {
      name: 'is followed by bytes that nobody asked for',
      answer: bytes(OK, 'Content-Length: 3000\r\n\r\n', BODY, OK, 'Content-Length: 4\r\n\r\nevil'),
    },
    {
      name: 'in chunks is followed by such bytes',
      answer: bytes(OK, 'Transfer-Encoding: chunked\r\n\r\n', chunked(BODY), OK),
    },
  ])('that $name is the last on its connection', async ({ answer }) => {
    const origin = await answering(answer);
    const network = loopbackNetwork();
    const images = fetcher({ network });
    for (let i = 0; i < 3; i++) {
      expect((await images.fetch(origin.url)).equals(BODY)).toBe(true);
    }
    expect(network.connections).toHaveLength(3);
  });

  it('that comes before it was asked for answers no request', async () => {
    const answer = bytes(OK, 'Content-Length: 3000\r\n\r\n', BODY);
    const evil = bytes(OK, 'Content-Length: 4\r\n\r\nevil');
    const origin = await tcpOrigin((socket) =>
      socket.on('data', () => {
        socket.write(answer);
        setTimeout(() => socket.write(evil), 20);
      }),
    );
    const images = fetcher();
    for (let i = 0; i < 3; i++) {
      expect((await images.fetch(origin.url)).equals(BODY)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  });

  it('with a bare line feed, a space before a colon or a NUL is refused', async () => {
    for (const head of [
      'HTTP/1.1 200 OK\nContent-Length: 4\n\n',
      `${OK}Content-Length : 4\r\n\r\n`,
      `${OK}X: a\0b\r\nContent-Length: 4\r\n\r\n`,
      `${OK}X: a\rb\r\nContent-Length: 4\r\n\r\n`,
      `${OK} X: a\r\nContent-Length: 4, 4\r\n\r\n`,
      `${OK}Transfer-Encoding: chunked, chunked\r\n\r\n`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n4\nabcd\n0\n\n`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n+4\r\nabcd\r\n0\r\n\r\n`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nabcde\r\n0\r\n\r\n`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n4;${'x'.repeat(20_000)}\r\nabcd\r\n0\r\n\r\n`,
      'HTTP/2 200\r\n\r\n',
      'HTTP/1.1  200 OK\r\nContent-Length: 4\r\n\r\n',
    ]) {
      const origin = await tcpOrigin((socket) =>
        socket.once('data', () => socket.end(bytes(head, 'abcd'))),
      );
      expect(await failure(fetcher().fetch(origin.url))).toBeInstanceOf(ImageSourceFailedError);
    }
  });
});

describe('a request', () => {
  it('asks for the path and host of the link alone', async () => {
    const asked: string[] = [];
    const origin = await httpOrigin((request, response) => {
      asked.push(`${request.method!} ${request.url!} ${request.headers.host!}`);
      response.end('image');
    });
    const url = `http://127.0.0.1.:${origin.port}/a b/\u00e9?q=\u00fc|"{}&x=%0d%0aEvil:1#part`;
    await fetcher().fetch(url);
    expect(asked).toEqual([
      `GET /a%20b/%C3%A9?q=%C3%BC|%22{}&x=%0d%0aEvil:1 127.0.0.1:${origin.port}`,
    ]);
  });
});
