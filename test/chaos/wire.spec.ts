import { createServer as createHttp2, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServingClient, type ServingClient } from '#serving-client';

/** What is on the wire where a model server should be. */

const request = {
  model: { name: 'm' },
  signatureName: 's',
  inputs: { x: { dtype: 'DT_UINT8' as const, shape: [1], data: new Uint8Array([1]) } },
};

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function clientOf(port: number): ServingClient {
  const client = createServingClient({ host: `127.0.0.1:${port}` });
  closing.push(() => {
    client.close();
  });
  return client;
}

async function listening(server: Server | Http2Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function codeOf(client: ServingClient, timeoutMs = 1500): Promise<string> {
  try {
    await client.predict(request, { deadline: new Date(Date.now() + timeoutMs) });
    return '';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

async function tcp(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return listening(server);
}

async function http2(onStream: (stream: ServerHttp2Stream) => void): Promise<number> {
  const server = createHttp2();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    onStream(stream);
  });
  closing.push(() => {
    server.close();
    for (const session of sessions) session.destroy();
  });
  return listening(server);
}

const GRPC = { ':status': 200, 'content-type': 'application/grpc' };

/** A message with gRPC's prefix. */
function framed(message: Buffer, length = message.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

function answerWith(stream: ServerHttp2Stream, body: Buffer, status = '0'): void {
  stream.respond(GRPC, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': status });
  });
  stream.end(body);
}

describe('a server', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['answers with another protocol', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhello')],
    ['sends noise', (socket) => socket.write(Buffer.alloc(65_536, 0xa5))],
    ['hangs up on everybody', (socket) => socket.resetAndDestroy()],
  ])('that %s is not available', async (_name, onConnection) => {
    const client = clientOf(await tcp(onConnection));
    expect(['MODEL_UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain(await codeOf(client));
  });

  it('that accepts and says nothing is waited for until the deadline and no longer', async () => {
    expect(await codeOf(clientOf(await tcp(() => undefined)), 500)).toBe('DEADLINE_EXCEEDED');
  });

  it.each<[string, (stream: ServerHttp2Stream) => void, string]>([
    [
      'answers bytes that are no message',
      (s) => {
        answerWith(s, framed(Buffer.from([0x0a, 0xff, 1])));
      },
      'MODEL_FAILED',
    ],
    [
      'answers two messages',
      (s) => {
        answerWith(s, Buffer.concat([framed(Buffer.of()), framed(Buffer.of())]));
      },
      // grpc-js waits for the first to be all.
      'DEADLINE_EXCEEDED',
    ],
    [
      'answers no message',
      (s) => {
        answerWith(s, Buffer.of());
      },
      'MODEL_FAILED',
    ],
    [
      'announces 4 GB',
      (s) => {
        answerWith(s, framed(Buffer.of(1), 0xffff_ffff));
      },
      'MODEL_FAILED',
    ],
    [
      'ends within a message',
      (s) => {
        answerWith(s, framed(Buffer.of(1), 9));
      },
      'MODEL_FAILED',
    ],
    [
      'answers as a proxy that is down',
      (s) => {
        s.respond({ ':status': 503 });
        s.end('down');
      },
      'MODEL_UNAVAILABLE',
    ],
    [
      'answers as a web server',
      (s) => {
        s.respond({ ':status': 200, 'content-type': 'text/html' });
        s.end('<html>');
      },
      'MODEL_FAILED',
    ],
    [
      'answers 404',
      (s) => {
        s.respond({ ':status': 404 });
        s.end();
      },
      'MODEL_FAILED',
    ],
    [
      'resets each call',
      (s) => {
        s.close(2);
      },
      'MODEL_FAILED',
    ],
    [
      'resets a call that it has begun to answer',
      (s) => {
        s.respond(GRPC);
        s.write(framed(Buffer.of(1), 9));
        setTimeout(() => {
          s.close(2);
        }, 20);
      },
      'MODEL_FAILED',
    ],
    [
      'says nothing after its headers',
      (s) => {
        s.respond(GRPC);
      },
      'DEADLINE_EXCEEDED',
    ],
    [
      'drops the connection amid an answer',
      (s) => {
        s.respond(GRPC);
        s.write(framed(Buffer.of(1), 9));
        setTimeout(() => {
          s.session?.destroy();
        }, 20);
      },
      'MODEL_UNAVAILABLE',
    ],
  ])('that %s', async (_name, onStream, expected) => {
    expect(await codeOf(clientOf(await http2(onStream)))).toBe(expected);
  });
});
