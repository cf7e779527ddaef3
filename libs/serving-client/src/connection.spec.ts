import dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { jest } from '@jest/globals';
import type { Tensor } from '#tensor';
import { echo, type Handlers, type ModelServer, startModelServer } from '../test/model-server.js';
import { createServingClient, type PredictCall, type ServingClient } from './index.js';

jest.setTimeout(60_000);

const x: Tensor = { dtype: 'DT_UINT8', shape: [3], data: new Uint8Array([1, 2, 3]) };
const request: PredictCall = { model: { name: 'm' }, signatureName: 's', inputs: { x } };

// Far beyond what any of these calls may take: a call that waits for it fails by jest's timeout.
const predict = (client: ServingClient) =>
  client.predict(request, { deadline: new Date(Date.now() + 3_600_000) });

const HEADLESS = 'tf-serving-headless.test';

let addresses: string[];
let clients: ServingClient[];
let servers: ModelServer[];

beforeEach(() => {
  clients = [];
  servers = [];
  addresses = [];
  // What a headless Service is: a name whose addresses are the pods that are ready.
  const { lookup } = dns.promises;
  jest.spyOn(dns.promises, 'lookup').mockImplementation((async (name: string, options: object) => {
    if (name !== HEADLESS) {
      return lookup(name, options);
    }
    if (addresses.length === 0) {
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    }
    return addresses.map((address) => ({ address, family: 4 }));
  }) as never);
});

afterEach(() => {
  clients.forEach((client) => {
    client.close();
  });
  servers.forEach((server) => {
    server.kill();
  });
  jest.restoreAllMocks();
});

function connect(host: string): ServingClient {
  const client = createServingClient({ host });
  clients.push(client);
  return client;
}

async function start(settings: Parameters<typeof startModelServer>[1] = {}, handler = echo) {
  const server = await startModelServer({ predict: handler }, settings);
  servers.push(server);
  return server;
}

/** Repeats until it succeeds, or for so long that it never will. */
async function eventually<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
      await sleep(20);
    }
  }
}

describe('a server that is down', () => {
  it('fails calls at once, and serves them again when it is back', async () => {
    const first = await start();
    const client = connect(first.host);
    await predict(client);

    first.kill();
    for (let call = 0; call < 3; call++) {
      await expect(predict(client)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    }

    await start({ port: first.port });
    const { outputs } = await eventually(() => predict(client));
    expect(outputs['x']!.data).toEqual(x.data);
  });

  it('fails the first call of a client at once', async () => {
    const server = await start();
    server.kill();
    const client = connect(server.host);
    await expect(predict(client)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('that dies during a call makes the model unavailable', async () => {
    let received = (): void => undefined;
    const inWork = new Promise<void>((resolve) => {
      received = resolve;
    });
    const server = await start({}, () => {
      received();
    });
    const client = connect(server.host);
    const answered = predict(client);
    await inWork;
    server.kill();
    await expect(answered).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('fails calls to a name without addresses at once, and serves them when it has one', async () => {
    const { port } = await start();
    const client = connect(`dns:///${HEADLESS}:${port}`);
    await expect(predict(client)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    addresses = ['127.0.0.1'];
    await eventually(() => predict(client));
  });
});

describe('several servers under one name', () => {
  /** How many of these calls each of the two servers gets. */
  async function startTwo() {
    const counts = [0, 0];
    const counting = (index: number): Handlers['predict'] => {
      return (call, callback) => {
        counts[index]!++;
        echo(call, callback);
      };
    };
    const { port } = await start({}, counting(0));
    await start({ address: '127.0.0.2', port }, counting(1));
    return { counts, host: `${HEADLESS}:${port}` };
  }

  it('share the calls evenly', async () => {
    addresses = ['127.0.0.1', '127.0.0.2'];
    const { counts, host } = await startTwo();
    const client = connect(host);
    await eventually(async () => {
      await predict(client);
      expect(Math.min(...counts)).toBeGreaterThan(0);
    });
    counts.fill(0);
    for (let call = 0; call < 20; call++) {
      await predict(client);
    }
    expect(counts).toEqual([10, 10]);
  });

  it('answer, the one for the other, what was in work on one that is killed', async () => {
    const gone = await start();
    gone.kill();
    addresses = ['127.0.0.1'];
    const client = connect(`${HEADLESS}:${gone.port}`);
    // An outage before, in which status was asked for many times.
    for (let ask = 0; ask < 300; ask++) {
      const asked = client.getModelStatus(
        { name: 'm' },
        { deadline: new Date(Date.now() + 3_600_000) },
      );
      await expect(asked).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    }
    let inWork = 0;
    const silent = await start({ port: gone.port }, () => {
      inWork++;
    });
    await start({ address: '127.0.0.2', port: silent.port });
    addresses = ['127.0.0.1', '127.0.0.2'];
    // More than gRPC's own limit for messages that may be sent again, and many at once.
    const image: Tensor = {
      dtype: 'DT_FLOAT',
      shape: [1, 299, 299, 3],
      data: Float32Array.from({ length: 299 * 299 * 3 }, (_, index) => index),
    };
    const ask = async () => {
      const { outputs } = await client.predict(
        { ...request, inputs: { image } },
        { deadline: new Date(Date.now() + 3_600_000) },
      );
      return outputs['image'];
    };
    const answers = [];
    await eventually(async () => {
      answers.push(ask());
      await sleep(5);
      expect(inWork).toBeGreaterThan(0);
    });
    answers.push(...Array.from({ length: 32 }, ask));
    await eventually(async () => {
      await sleep(5);
      expect(inWork).toBeGreaterThan(8);
    });
    silent.kill();
    for (const answer of await Promise.all(answers)) {
      // jest's own comparison takes seconds for each.
      expect(isDeepStrictEqual(answer!.data, image.data)).toBe(true);
    }
  });

  it('lose no call to connections that a server ends by their age', async () => {
    const options = {
      'grpc.max_connection_age_ms': 100,
      'grpc.max_connection_age_grace_ms': 5_000,
    };
    const { host } = await start({ options });
    const client = connect(host);
    const end = Date.now() + 2_000;
    const caller = async () => {
      while (Date.now() < end) {
        await predict(client);
      }
    };
    await Promise.all(Array.from({ length: 8 }, caller));
  });

  it('get calls without a connection lost when one more appears', async () => {
    addresses = ['127.0.0.1'];
    const { counts, host } = await startTwo();
    const client = connect(host);
    await predict(client);
    expect(counts).toEqual([1, 0]);
    addresses = ['127.0.0.1', '127.0.0.2'];
    await eventually(async () => {
      await predict(client);
      expect(counts[1]).toBeGreaterThan(0);
    });
  });
});
