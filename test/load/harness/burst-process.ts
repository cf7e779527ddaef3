import { faultOf } from './check-answer.js';
import { bytesOf, Connections } from './connections.js';
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
  /** Of the latencies all, counted those that came before the end. */
  readonly good: Latencies;
  /** 503 OVERLOADED with Retry-After. */
  readonly refused: Latencies;
  readonly others: Readonly<Record<string, number>>;
}

/** Requests that this process leaves open at most: it must not run out of descriptors. */
const MAX_OPEN = 4000;
const TICK_MS = 5;

process.once('message', (burst: Burst) => void send(burst));
process.once('disconnect', () => process.exit());

async function send({ url, samples, perSecond, seconds }: Burst): Promise<void> {
  const connections = new Connections(new URL(url));
  const requests = samples.map(({ path, type, body }) => bytesOf(new URL(url), path, type, body));
  const good: number[] = [];
  let inTime = 0;
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
        const asking = ask(asked++ % samples.length).then(() => {
          open.delete(asking);
        });
        open.add(asking);
      }
    }, TICK_MS);
  });
  const sentWithin = (performance.now() - began) / 1000;
  await Promise.all(open);
  connections.close();
  process.send!({
    asked,
    seconds: sentWithin,
    good: { ...latenciesOf(good), count: inTime },
    refused: latenciesOf(refused),
    others,
  } satisfies BurstFigures);

  async function ask(which: number): Promise<void> {
    const start = performance.now();
    let fault: string | undefined;
    try {
      const { status, headers, body, heard } = await connections.ask(requests[which]!);
      fault = faultOf(samples[which]!, status, body);
      if (fault === undefined) {
        const now = performance.now();
        good.push(now - start);
        if (now - began <= seconds * 1000) inTime++;
      } else if (fault === '503 OVERLOADED' && /\nretry-after: *1\r/i.test(headers)) {
        refused.push(heard - start);
        return;
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      fault = code ?? message;
    }
    if (fault !== undefined) others[fault] = (others[fault] ?? 0) + 1;
  }
}

function latenciesOf(values: number[]): Latencies {
  values.sort((a, b) => a - b);
  return { count: values.length, p50: percentile(values, 50), p99: percentile(values, 99) };
}
