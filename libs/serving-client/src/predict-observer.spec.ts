import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import type { Tensor } from '#tensor';
import { echo, type Handlers, type ModelServer, startModelServer } from '../test/model-server.js';
import { createServingClient, type PredictCall, type ServingClient } from './index.js';

const x: Tensor = { dtype: 'DT_UINT8', shape: [3], data: new Uint8Array([1, 2, 3]) };
const request: PredictCall = { model: { name: 'm' }, signatureName: 's', inputs: { x } };
const soon = () => ({ deadline: new Date(Date.now() + 3_600_000) });

let server: ModelServer;
let client: ServingClient;
let predict: Handlers['predict'];
let told: string[];

function connect(host: string): ServingClient {
  return createServingClient(
    { host },
    {
      started: (model) => {
        told.push(`${model} started`);
        return {
          metadata: { traceparent: 'of the call' },
          ended: (code, backend) => told.push(`${model} ${code} ${backend ?? 'nobody'}`),
        };
      },
    },
  );
}

beforeEach(async () => {
  told = [];
  predict = echo;
  server = await startModelServer({
    predict: (call, callback) => {
      predict(call, callback);
    },
  });
  client = connect(server.host);
});

afterEach(() => {
  client.close();
  server.kill();
});

describe('an observer of Predict', () => {
  it('is told of an answer and of the server that gave it', async () => {
    await client.predict(request, soon());
    expect(told).toEqual(['m started', `m OK ${server.host}`]);
  });

  it('is told of a failure, whose server is known', async () => {
    predict = (_call, callback) => {
      callback({ code: status.RESOURCE_EXHAUSTED, details: 'full' });
    };
    await expect(client.predict(request, soon())).rejects.toThrow();
    expect(told).toEqual(['m started', `m RESOURCE_EXHAUSTED ${server.host}`]);
  });

  it('is told once, of the attempt that counted, where a call is tried again', async () => {
    let attempts = 0;
    predict = (call, callback) => {
      if (++attempts === 1) callback({ code: status.UNAVAILABLE, details: 'shutting down' });
      else echo(call, callback);
    };
    await client.predict(request, soon());
    expect(attempts).toBe(2);
    expect(told).toEqual(['m started', `m OK ${server.host}`]);
  });

  it('is told once of a server that dies during the call', async () => {
    let received = (): void => undefined;
    const inWork = new Promise<void>((resolve) => (received = resolve));
    predict = () => {
      received();
    };
    const answered = client.predict(request, soon());
    await inWork;
    server.kill();
    await expect(answered).rejects.toThrow();
    expect(told).toEqual(['m started', expect.stringMatching(/^m UNAVAILABLE /)]);
  });

  it.each(['127.0.0.1:1', 'dns:///127.0.0.1:1', 'name.invalid:1'])(
    'is told that nobody had a call to %s',
    async (host) => {
      const lost = connect(host);
      await expect(lost.predict(request, soon())).rejects.toThrow();
      lost.close();
      expect(told).toEqual(['m started', 'm UNAVAILABLE nobody']);
    },
  );

  it('is told once of a call that the caller gave up', async () => {
    const caller = new AbortController();
    let cancelled: Promise<unknown> = Promise.resolve();
    predict = (call) => {
      cancelled = once(call, 'cancelled');
      caller.abort(new Error('enough'));
    };
    const call = { ...soon(), signal: caller.signal };
    await expect(client.predict(request, call)).rejects.toThrow('enough');
    await cancelled;
    expect(told).toEqual(['m started', expect.stringMatching(/^m CANCELLED /)]);
  });
});
