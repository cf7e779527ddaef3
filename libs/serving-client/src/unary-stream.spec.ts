import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Tensor } from '#tensor';
import { createServingClient, type PredictCall, type ServingClient } from './index.js';
import { predictMethod } from './package-definition.js';

type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

const data = new Float32Array(299 * 299 * 3).map((_, index) => index);
const x: Tensor = { dtype: 'DT_FLOAT', shape: [1, 299, 299, 3], data };
const request: PredictCall = { model: { name: 'm' }, signatureName: 's', inputs: { x } };
const soon = () => ({ deadline: new Date(Date.now() + 3_600_000) });

const scores = predictMethod.responseSerialize({
  modelSpec: { name: 'm', version: { value: '7' } },
  outputs: { y: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: 2 }] }, floatVal: [1, 2] } },
});
const prefixed = (message: Buffer, { flag = 0, length = message.length } = {}): Buffer => {
  const prefix = Buffer.from([flag, 0, 0, 0, 0]);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
};
const GRPC = { ':status': 200, 'content-type': 'application/grpc' };

const answers: Handler = (stream) => {
  answer(stream, [prefixed(scores)]);
};

function answer(
  stream: ServerHttp2Stream,
  chunks: Buffer[],
  trailers: OutgoingHttpHeaders = { 'grpc-status': '0' },
) {
  stream.on('error', () => undefined);
  stream.resume().on('end', () => {
    stream.respond(GRPC, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });
}

let server: Http2Server;
let sessions: ServerHttp2Session[];
let streams: { stream: ServerHttp2Stream; headers: IncomingHttpHeaders }[];
let handle: Handler;
let client: ServingClient;
let told: string[];
let requests: jest.SpiedFunction<ClientHttp2Session['request']>;

beforeEach(async () => {
  sessions = [];
  streams = [];
  told = [];
  handle = answers;
  server = createServer();
  server.on('session', (session) => {
    session.on('error', () => undefined);
    sessions.push(session);
  });
  server.on('stream', (stream, headers) => {
    streams.push({ stream, headers });
    handle(stream, headers);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  client = createServingClient(
    { host: `127.0.0.1:${port}` },
    {
      started: () => ({
        metadata: { traceparent: 'of the call' },
        ended: (code, backend) =>
          told.push(`${code} ${backend === undefined ? 'nobody' : 'known'}`),
      }),
    },
  );
  // The first connects; those after it go straight to the connection.
  await client.predict(request, soon());
  const { session } = client['connections'].choose()!.transport;
  requests = jest.spyOn(session, 'request');
  streams = [];
  told = [];
});

afterEach(() => {
  client.close();
  for (const session of sessions) session.destroy();
  server.close();
});

/** That no stream of the client's stays behind a call that has ended. */
async function expectNoneOpen(): Promise<void> {
  for (const { value } of requests.mock.results) {
    const stream = value as ClientHttp2Stream;
    if (!stream.destroyed) await once(stream, 'close');
  }
}

/** Calls that are refused are not answered by a second attempt. */
async function failure(): Promise<{ code: string; cause: { code: number; details: string } }> {
  return client.predict(request, soon()).then(
    () => {
      throw new Error('was answered');
    },
    (error: unknown) => error as Awaited<ReturnType<typeof failure>>,
  );
}

describe('a prediction on a connection that is there', () => {
  it('is asked for past grpc-js, as gRPC over HTTP/2 says', async () => {
    const body: Buffer[] = [];
    handle = (stream, headers) => {
      stream.on('data', (chunk: Buffer) => body.push(chunk));
      answers(stream, headers);
    };
    const metadata = { 'x-request-id': 'abc-1', 'x-odd': 'ü' };
    const { outputs, version, backend } = await client.predict(request, { ...soon(), metadata });
    expect(outputs['y']!.data).toEqual(new Float32Array([1, 2]));
    expect(version).toBe('7');
    expect(backend).toMatch(/^127\.0\.0\.1:\d+$/);
    const { headers } = streams[0]!;
    expect(headers).toMatchObject({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': '/tensorflow.serving.PredictionService/Predict',
      ':authority': backend,
      te: 'trailers',
      'content-type': 'application/grpc',
      'user-agent': 'grpc-node-gateway',
      traceparent: 'of the call',
      'x-request-id': 'abc-1',
    });
    expect(headers).not.toHaveProperty('x-odd');
    expect(headers['grpc-timeout']).toMatch(/^\d{1,8}m$/);
    const whole = Buffer.concat(body);
    expect(whole[0]).toBe(0);
    expect(whole.readUInt32BE(1)).toBe(whole.length - 5);
    const sent = predictMethod.requestDeserialize(whole.subarray(5));
    const content = sent.inputs!['x']!.tensorContent as Buffer;
    expect(Buffer.compare(content, Buffer.from(data.buffer))).toBe(0);
    expect(told).toEqual(['OK known']);
  });

  it.each([
    ['in pieces of a byte', [...prefixed(scores)].map((byte) => Buffer.from([byte]))],
    ['with an empty frame first', [Buffer.of(), prefixed(scores)]],
    ['cut in its prefix', [prefixed(scores).subarray(0, 3), prefixed(scores).subarray(3)]],
  ])('may be answered %s', async (_, chunks) => {
    handle = (stream) => {
      answer(stream, chunks);
    };
    const { outputs } = await client.predict(request, soon());
    expect(outputs['y']!.data).toEqual(new Float32Array([1, 2]));
  });

  it('tells a deadline beyond eight digits in seconds', async () => {
    await client.predict(request, { deadline: new Date(Date.now() + 2e8) });
    expect(streams[0]!.headers['grpc-timeout']).toMatch(/^\d{6}S$/);
  });
});

describe('an answer that cannot be used', () => {
  it.each<[string, Buffer[], number]>([
    ['has no message', [], 12],
    ['ends within its message', [prefixed(scores, { length: scores.length + 1 })], 13],
    ['ends within its prefix', [Buffer.of(0, 0)], 13],
    ['has two messages', [prefixed(scores), prefixed(scores)], 13],
    ['is compressed, unasked', [prefixed(scores, { flag: 1 })], 13],
    ['claims more than is taken', [prefixed(Buffer.alloc(1e6), { length: 2 ** 26 + 1 })], 8],
    ['is no PredictResponse', [prefixed(Buffer.from([0x0c, 0xff]))], 13],
  ])('fails as the fault of the model where it %s', async (_, chunks, code) => {
    handle = (stream) => {
      answer(stream, chunks);
    };
    expect(await failure()).toMatchObject({ code: 'MODEL_FAILED', cause: { code } });
    expect(streams).toHaveLength(1);
    handle = answers;
    await client.predict(request, soon());
  });

  it.each<[OutgoingHttpHeaders, string, number, string]>([
    [{ odd: 'yes' }, 'MODEL_FAILED', 2, 'No status information received'],
    [{}, 'MODEL_FAILED', 13, 'Stream ended with code 0'],
    [{ 'grpc-status': 'x' }, 'MODEL_FAILED', 2, ''],
    [{ 'grpc-status': '99' }, 'MODEL_FAILED', 2, ''],
    [{ 'grpc-status': '8', 'grpc-message': 'full%20%C3%BC' }, 'OVERLOADED', 8, 'full ü'],
    [{ 'grpc-status': '8', 'grpc-message': '100%' }, 'OVERLOADED', 8, '100%'],
  ])('has the status of its trailers %j', async (trailers, code, status, details) => {
    handle = (stream) => {
      answer(stream, [], trailers);
    };
    expect(await failure()).toMatchObject({ code, cause: { code: status, details } });
  });

  it('may end without trailers before the request is read', async () => {
    handle = (stream) => {
      stream.on('error', () => undefined);
      stream.respond(GRPC);
      stream.end(prefixed(scores));
    };
    expect(await failure()).toMatchObject({ code: 'MODEL_FAILED', cause: { code: 13 } });
    await expectNoneOpen();
  });

  it('may be whole before the request is read', async () => {
    handle = (stream) => {
      stream.on('error', () => undefined);
      stream.respond(GRPC, { waitForTrailers: true });
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': '0' });
      });
      stream.end(prefixed(scores));
    };
    expect((await client.predict(request, soon())).version).toBe('7');
    await expectNoneOpen();
  });

  it('may be trailers alone, before the request is read', async () => {
    handle = (stream) => {
      stream.respond(
        { ...GRPC, 'grpc-status': '5', 'grpc-message': 'Servable not found' },
        { endStream: true },
      );
    };
    expect(await failure()).toMatchObject({ code: 'MODEL_NOT_FOUND', cause: { code: 5 } });
    // Not left open for a body that nobody reads.
    await expectNoneOpen();
  });

  it.each([
    [502, 'MODEL_UNAVAILABLE', 14],
    [404, 'MODEL_FAILED', 12],
    [418, 'MODEL_FAILED', 2],
  ])('of a proxy that answers %s in HTML has what that means', async (httpStatus, code, status) => {
    handle = (stream) => {
      stream.resume().on('end', () => {
        stream.respond({ ':status': httpStatus, 'content-type': 'text/html' });
        stream.end('<html>'.repeat(100));
      });
    };
    expect(await failure()).toMatchObject({ code, cause: { code: status } });
  });
});

describe('a stream that is reset', () => {
  it.each([
    [constants.NGHTTP2_NO_ERROR, 'MODEL_FAILED', 13, 1],
    [constants.NGHTTP2_INTERNAL_ERROR, 'MODEL_FAILED', 13, 1],
    [constants.NGHTTP2_PROTOCOL_ERROR, 'MODEL_FAILED', 13, 1],
    [constants.NGHTTP2_ENHANCE_YOUR_CALM, 'OVERLOADED', 8, 1],
    [constants.NGHTTP2_CANCEL, 'MODEL_UNAVAILABLE', 1, 3],
    [constants.NGHTTP2_REFUSED_STREAM, 'MODEL_UNAVAILABLE', 14, 3],
  ])('with code %s is %s, status %s, after %s attempts', async (rst, code, status, attempts) => {
    handle = (stream) => {
      stream.on('error', () => undefined);
      stream.close(rst);
    };
    expect(await failure()).toMatchObject({ code, cause: { code: status } });
    expect(streams).toHaveLength(attempts);
    expect(told).toHaveLength(1);
    await expectNoneOpen();
  });

  it('in the midst of the answer is not taken for the whole', async () => {
    handle = (stream) => {
      stream.on('error', () => undefined);
      stream.respond(GRPC);
      stream.write(prefixed(scores));
      setTimeout(() => {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      }, 20);
    };
    expect(await failure()).toMatchObject({ code: 'MODEL_FAILED' });
  });
});

describe('a connection', () => {
  it('that says GOAWAY answers what is in work, and the next call takes another', async () => {
    let release = (): void => undefined;
    handle = (stream, headers) => {
      release = () => {
        answers(stream, headers);
      };
      stream.session!.goaway();
    };
    const inWork = client.predict(request, soon());
    while (streams.length === 0) await turn();
    handle = answers;
    await client.predict(request, soon());
    expect(sessions).toHaveLength(2);
    release();
    expect((await inWork).version).toBe('7');
  });

  it('that is cut is tried again on the next one', async () => {
    handle = (stream) => {
      handle = answers;
      stream.session!.destroy();
    };
    expect((await client.predict(request, soon())).version).toBe('7');
    expect(sessions).toHaveLength(2);
    expect(told).toEqual(['OK known']);
  });

  it('keeps no call that has ended, however it did', async () => {
    const ends: Handler[] = [
      answers,
      (stream) => {
        answer(stream, [], { 'grpc-status': '3' });
      },
      (stream) => {
        stream.on('error', () => undefined);
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      },
      () => undefined,
    ];
    for (const end of ends) {
      handle = end;
      const { signal } = new AbortController();
      const deadline = new Date(Date.now() + 300);
      await client.predict(request, { deadline, signal }).catch(() => undefined);
      const { stream } = streams.at(-1)!;
      if (!stream.closed) await once(stream, 'close');
    }
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    handle = answers;
    await Promise.all(Array.from({ length: 20 }, () => client.predict(request, soon())));
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    expect(after).toBeLessThanOrEqual(timers);
  });
});

describe('a call that is given up', () => {
  it.each(['deadline', 'signal'])('by its %s resets its stream, sent or not', async (by) => {
    for (const isRead of [false, true]) {
      streams = [];
      handle = (stream) => {
        stream.on('error', () => undefined);
        if (isRead) stream.resume();
      };
      const controller = new AbortController();
      const deadline = new Date(Date.now() + (by === 'deadline' ? 200 : 3_600_000));
      const answered = client.predict(request, { deadline, signal: controller.signal });
      const outcome = answered.catch((error: unknown) => error);
      while (streams.length === 0) await turn();
      if (by === 'signal') {
        await sleep(20);
        controller.abort(new Error('enough'));
      }
      const expected = by === 'signal' ? { message: 'enough' } : { code: 'DEADLINE_EXCEEDED' };
      expect(await outcome).toMatchObject(expected);
      const { stream } = streams[0]!;
      if (!stream.closed) await once(stream, 'close');
      expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
    }
  });

  it('between two attempts is not tried again', async () => {
    const controller = new AbortController();
    handle = (stream) => {
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      setTimeout(() => {
        controller.abort(new Error('enough'));
      }, 10);
    };
    const call = { ...soon(), signal: controller.signal };
    await expect(client.predict(request, call)).rejects.toThrow('enough');
    await sleep(100);
    expect(streams).toHaveLength(1);
    expect(told).toEqual(['CANCELLED known']);
  });
});
