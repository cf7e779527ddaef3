import dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { jest } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type Stack } from '../support/stack.js';
import { predict, tally, type Answered } from './asking.js';
import {
  answering,
  failing,
  hanging,
  honest,
  late,
  LyingServer,
  type Behaviour,
} from './lying-server.js';

/** Three servers of one name, as a headless Service tells their addresses. */
const NAME = 'tf-serving-headless.test';
const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

let servers: LyingServer[];
let gateway: Stack;
let resolved: () => string[];

beforeAll(async () => {
  const { lookup } = dns.promises;
  jest.spyOn(dns.promises, 'lookup').mockImplementation((async (name: string, options: object) => {
    if (name !== NAME) return lookup(name, options);
    return resolved().map((address) => ({ address, family: 4 }));
  }) as never);
  resolved = () => ADDRESSES;
  const first = await new LyingServer(ADDRESSES[0]).start();
  const others = ADDRESSES.slice(1).map((address) => new LyingServer(address, first.port).start());
  servers = [first, ...(await Promise.all(others))];
  const started = await startTestGateway(first.port, {
    TF_SERVING_HOST: `${NAME}:${first.port}`,
    PREDICT_TIMEOUT_MS: '3000',
  });
  await started.ready;
  gateway = started;
});

afterAll(async () => {
  await gateway.close();
  for (const server of servers) server.kill();
  jest.restoreAllMocks();
});

beforeEach(async () => {
  resolved = () => ADDRESSES;
  for (const server of servers) server.behaviour = honest;
  await balanced();
});

/** Waits until every server gets its share again. */
async function balanced(): Promise<void> {
  await eventually(
    async () => {
      for (const server of servers) server.calls = 0;
      const answers = await ask(12);
      return { outcomes: tally(answers), calls: servers.map(({ calls }) => calls) };
    },
    ({ outcomes, calls }) => outcomes['200'] === 12 && Math.min(...calls) >= 3,
    30_000,
  );
}

/** One after the other. */
async function ask(count: number): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (let index = 0; index < count; index++) answers.push(await predict(gateway.url));
  return answers;
}

/** Several at a time. */
async function askTogether(lanes: number, each: number): Promise<Answered[]> {
  const asked = Array.from({ length: lanes }, () => ask(each));
  return (await Promise.all(asked)).flat();
}

describe('one server of three', () => {
  it.each<[string, Behaviour]>([
    ['breaks on every call', failing(status.INTERNAL)],
    ['is full', failing(status.RESOURCE_EXHAUSTED)],
    ['answers NaN', answering({ values: Array<number>(10).fill(NaN) })],
    ['answers another shape', answering({ values: [1], shape: [1, 1] })],
  ])('that %s spoils few predictions', async (_name, behaviour) => {
    servers[1]!.behaviour = behaviour;
    const outcomes = tally(await askTogether(4, 50));
    // A third of them, were it asked like the others.
    expect(outcomes['200']).toBeGreaterThan(180);
  });

  it('that refuses calls spoils none, and they are not asked much more often', async () => {
    servers[1]!.behaviour = failing(status.UNAVAILABLE);
    for (const server of servers) server.calls = 0;
    expect(tally(await askTogether(4, 50))).toEqual({ '200': 200 });
    const asked = servers.reduce((sum, { calls }) => sum + calls, 0);
    expect(asked - 200).toBeLessThan(40);
  });

  it('that hangs holds few calls, whatever is asked meanwhile', async () => {
    servers[1]!.behaviour = hanging;
    const outcomes = tally(await askTogether(8, 25));
    expect(outcomes['200']).toBeGreaterThan(180);
    expect(Object.keys(outcomes).sort()).toEqual(['200', '504 DEADLINE_EXCEEDED']);
  });

  it('that is slow gets less to do', async () => {
    servers[1]!.behaviour = late(300);
    for (const server of servers) server.calls = 0;
    expect(tally(await askTogether(4, 25))).toEqual({ '200': 100 });
    expect(servers[1]!.calls).toBeLessThan(25);
  });

  it('is let back once it is well', async () => {
    servers[1]!.behaviour = failing(status.INTERNAL);
    await askTogether(4, 50);
    servers[1]!.behaviour = honest;
    await balanced();
  });

  it('that is killed costs no prediction, and is found when it is back', async () => {
    const asked = askTogether(8, 25);
    await sleep(50);
    servers[2]!.kill();
    expect(tally(await asked)).toEqual({ '200': 200 });
    await servers[2]!.start();
    await balanced();
  });
});

describe('all servers', () => {
  it('that are gone are told at once as such, and found when they are back', async () => {
    for (const server of servers) server.kill();
    const outcomes = tally(await ask(10));
    expect(outcomes).toEqual({ '503 MODEL_UNAVAILABLE': 10 });
    await Promise.all(servers.map((server) => server.start()));
    await balanced();
  });

  it('that fail are all asked, and again as soon as they are well', async () => {
    for (const server of servers) server.behaviour = failing(status.INTERNAL);
    expect(tally(await askTogether(4, 25))).toEqual({ '502 MODEL_FAILED': 100 });
    for (const server of servers) server.behaviour = honest;
    expect(tally(await ask(10))).toEqual({ '200': 10 });
  });

  it('may fail for long without calls being tripled', async () => {
    for (const server of servers) {
      server.behaviour = failing(status.UNAVAILABLE);
      server.calls = 0;
    }
    await askTogether(8, 25);
    const asked = servers.reduce((sum, { calls }) => sum + calls, 0);
    expect(asked - 200).toBeLessThanOrEqual(64);
  });
});

describe('a name', () => {
  it('that cannot be resolved for a while costs nothing where servers stay', async () => {
    let asked = 0;
    resolved = () => {
      asked++;
      throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
    };
    // A lost connection, so that the name is asked for.
    servers[0]!.kill();
    const answers: Answered[] = [];
    await eventually(
      async () => answers.push(await predict(gateway.url)),
      () => asked > 1,
    );
    expect(Object.keys(tally(answers))).toEqual(['200']);
    await servers[0]!.start();
  });

  it('that has no address for a while leaves the model unavailable for no longer', async () => {
    resolved = () => [];
    servers[0]!.kill();
    await eventually(
      () => predict(gateway.url),
      ({ code }) => code === 'MODEL_UNAVAILABLE',
    );
    await servers[0]!.start();
  });

  it('whose servers all have new addresses is followed', async () => {
    const moved = await new LyingServer('127.0.0.9', servers[0]!.port).start();
    for (const server of servers) server.kill();
    resolved = () => ['127.0.0.9'];
    try {
      await eventually(
        () => predict(gateway.url),
        ({ status: http }) => http === 200,
      );
    } finally {
      moved.kill();
      await Promise.all(servers.map((server) => server.start()));
    }
  });
});
