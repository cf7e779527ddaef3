import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { closeFetchers, fetcher } from '../test/fetching.js';
import { loopbackNetwork } from '../test/networks.js';
import { closeOrigins, httpOrigin, rawOrigin } from '../test/origin.js';

afterEach(async () => {
  await closeFetchers();
  await closeOrigins();
});

/** Kinds of what the process still holds open, with how many of each. */
function held(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/TCP|TLS|Timeout|Immediate|GetAddrInfo|Zlib/i.test(kind))
      counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('after 200 fetches that end in every way', () => {
  it('nothing is held any more', async () => {
    const before = held();
    const gzip = gzipSync(randomBytes(1000));
    const good = await httpOrigin((_, response) => response.end('image'));
    const raw = (answer: string | Buffer, end = true): ReturnType<typeof rawOrigin> =>
      rawOrigin((socket) => (end ? socket.end(answer) : socket.write(answer)));
    const origins = [
      good,
      await httpOrigin((_, response) => response.writeHead(500).end('image')),
      await httpOrigin((_, response) => response.writeHead(302, { Location: '/' }).end()),
      await httpOrigin((_, response) =>
        response.writeHead(302, { Location: 'http://10.0.0.1/' }).end(),
      ),
      await raw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nimage'),
      await raw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nimage', false),
      await raw('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nimage', false),
      await raw('no HTTP'),
      await raw('', false),
      await raw('HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', false),
      await raw(
        Buffer.concat([
          Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'),
          gzip.subarray(0, 100),
        ]),
      ),
      await raw(
        Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'), gzip]),
        false,
      ),
      await raw('HTTP/1.1 200 OK\r\nContent-Encoding: unknown\r\n\r\n', false),
    ];
    const links = [
      ...origins.map((origin) => origin.url),
      `https://127.0.0.1:${good.port}/`,
      `https://127.0.0.1:${origins[8]!.port}/`,
      'http://unknown.test/',
      'http://slow.test/',
      'http://127.0.0.1:1/',
      'http://10.0.0.1/',
      'not a link',
    ];
    const network = loopbackNetwork({ 'slow.test': ['10.0.0.1', '127.0.0.1'] });
    const images = fetcher({ network, timeoutMs: 1500 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => {
        const controller = new AbortController();
        if (index % 7 === 0) {
          setTimeout(() => {
            controller.abort();
          }, index % 50);
        }
        return images.fetch(links[index % links.length]!, controller);
      }),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(
      new Set(['fulfilled', 'rejected']),
    );

    await images.close();
    await closeOrigins();
    const grown = (): string[] =>
      Object.entries(held()).flatMap(([kind, count]) =>
        count > (before[kind] ?? 0) ? [`${count} ${kind}`] : [],
      );
    for (let turns = 0; turns < 100 && grown().length > 0; turns++) await delay(20);
    expect(grown()).toEqual([]);
  });
});
