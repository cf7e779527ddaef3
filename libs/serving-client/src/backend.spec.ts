import { status } from '@grpc/grpc-js';
import { Backend, leastLoaded } from './backend.js';

const backends = (count: number): Backend[] => Array.from({ length: count }, () => new Backend());

/** A call that ends so, some time after. */
function call(backend: Backend, code: status, at: number, tookMs = 0): void {
  backend.started(at)(code, at + tookMs);
}

describe('leastLoaded', () => {
  it('takes servers in turn where they have as much to do', () => {
    const servers = backends(3);
    expect([0, 1, 2].map((from) => leastLoaded(servers, from, 0))).toEqual([0, 1, 2]);
  });

  it('takes the one with the fewest calls, whoever is next', () => {
    const servers = backends(3);
    servers[0]!.started(0);
    servers[1]!.started(0);
    servers[1]!.started(0);
    servers[2]!.started(0);
    servers[2]!.started(0);
    expect([0, 1, 2].map((from) => leastLoaded(servers, from, 0))).toEqual([0, 0, 0]);
  });

  it('takes a busy one rather than one that has just failed', () => {
    const servers = backends(2);
    servers[0]!.started(0);
    call(servers[1]!, status.INTERNAL, 0);
    expect(leastLoaded(servers, 1, 50)).toBe(0);
  });

  it('takes the least loaded of all where all have failed', () => {
    const servers = backends(2);
    for (const server of servers) call(server, status.UNAVAILABLE, 0);
    servers[0]!.started(0);
    expect(leastLoaded(servers, 0, 50)).toBe(1);
  });
});

describe('a server that fails', () => {
  it('is avoided twice as long each time, and 5 s at most', () => {
    const server = new Backend();
    const avoidedMs = Array.from({ length: 9 }, () => {
      call(server, status.UNAVAILABLE, 0);
      let ms = 0;
      while (server.isAvoided(ms)) ms += 100;
      return ms;
    });
    expect(avoidedMs).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it('is then tried by one call at a time, until it is well', () => {
    const server = new Backend();
    for (let failure = 0; failure < 4; failure++) call(server, status.INTERNAL, 0);
    let trials = 0;
    for (; ; trials++) {
      const end = server.started(10_000);
      const isTrial = server.isAvoided(10_000);
      end(status.OK, 10_000);
      if (!isTrial) break;
    }
    expect(trials).toBe(3);
  });

  it.each([status.INVALID_ARGUMENT, status.NOT_FOUND, status.FAILED_PRECONDITION])(
    'is not meant by status %i, which the request has earned',
    (code) => {
      const server = new Backend();
      call(server, code, 0);
      expect(server.isAvoided(0)).toBe(false);
    },
  );

  it('is meant where a caller has waited long and gone, not where one goes at once', () => {
    const server = new Backend();
    call(server, status.CANCELLED, 0, 999);
    expect(server.isAvoided(999)).toBe(false);
    call(server, status.CANCELLED, 0, 1000);
    expect(server.isAvoided(1000)).toBe(true);
  });

  it('by answers that cannot be used is avoided longer and longer though its calls end well', () => {
    const server = new Backend();
    for (let answer = 0; answer < 4; answer++) {
      call(server, status.OK, 0);
      server.distrust(0);
    }
    expect(server.isAvoided(4_000)).toBe(true);
  });
});

it('a burst of calls, which all are given out before the first begins, is shared', async () => {
  const servers = backends(3);
  const given = [0, 0, 0];
  // Has one in work already, as where its last answer takes its time.
  servers[0]!.started(0);
  for (let call = 0; call < 30; call++) {
    const index = leastLoaded(servers, 0, 0);
    servers[index]!.chosen();
    given[index]!++;
  }
  expect(given).toEqual([10, 10, 10]);
  // What was given out and never began is forgotten.
  await new Promise(setImmediate);
  expect(servers.map(({ calls }) => calls)).toEqual([1, 0, 0]);
});
