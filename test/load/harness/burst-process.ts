import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { faultOf } from './check-answer.js';
import { percentile } from './percentile.js';
import type { Sample } from './samples.js';

/** Requests that come at a fixed rate, whether or not the ones before are answered. */
export interface Burst {
  readonly url: string;
  readonly samples: readonly Sample[];
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Latencies {
  readonly count: number;
  /** Milliseconds, from the moment of the request to its answer. */
  readonly p50: number;
  readonly p99: number;
}

export interface BurstFigures {
  readonly asked: number;
  readonly seconds: number;
  readonly good: Latencies;
  /** 503 OVERLOADED with Retry-After. */
  readonly refused: Latencies;
  readonly others: Readonly<Record<string, number>>;
}

/** Requests that this process leaves open at most: it must not run out of descriptors. */
const MAX_OPEN = 4000;
const TICK_MS = 5;
const REQUEST_TIMEOUT_MS = 30_000;

process.once('message', (burst: Burst) => void send(burst));
process.once('disconnect', () => process.exit());

async function send({ url, samples, perSecond, seconds }: Burst): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1024 });
  const good: number[] = [];
  const refused: number[] = [];
  const others: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  let asked = 0;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - began;
      if (elapsed > seconds * 1000) {
        clearInterval(timer);
        resolve();
        return;
      }
      while (asked < (elapsed / 1000) * perSecond && open.size < MAX_OPEN) {
        const asking = ask(samples[asked++ % samples.length]!).then(() => {
          open.delete(asking);
        });
        open.add(asking);
      }
    }, TICK_MS);
  });
  const sentWithin = (performance.now() - began) / 1000;
  await Promise.all(open);
  process.send!({
    asked,
    seconds: sentWithin,
    good: latenciesOf(good),
    refused: latenciesOf(refused),
    others,
  } satisfies BurstFigures);

  function ask(sample: Sample): Promise<void> {
    const start = performance.now();
    return new Promise((resolve) => {
      const other = (what: string): void => {
        others[what] = (others[what] ?? 0) + 1;
        resolve();
      };
      const outgoing = request(
        new URL(sample.path, url),
        {
          agent,
          method: 'POST',
          signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
          headers: { 'content-type': sample.type, 'content-length': sample.body.byteLength },
        },
        (response) => {
          const heard = performance.now() - start;
          text(response).then(
            (body) => {
              const fault = faultOf(sample, response.statusCode!, body);
              if (fault === undefined) good.push(performance.now() - start);
              else if (fault === '503 OVERLOADED' && response.headers['retry-after'] === '1') {
                refused.push(heard);
              } else {
                other(fault);
                return;
              }
              resolve();
            },
            (error: unknown) => {
              other(`${(error as NodeJS.ErrnoException).code ?? String(error)} within an answer`);
            },
          );
        },
      );
      outgoing.once('error', (error: NodeJS.ErrnoException) => {
        other(`${error.code ?? ''} ${error.message}${outgoing.reusedSocket ? ', kept alive' : ''}`);
      });
      outgoing.end(sample.body);
    });
  }
}

function latenciesOf(values: number[]): Latencies {
  values.sort((a, b) => a - b);
  return { count: values.length, p50: percentile(values, 50), p99: percentile(values, 99) };
}
