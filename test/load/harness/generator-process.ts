import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { faultOf } from './check-answer.js';
import { percentile } from './percentile.js';
import { requestIdOf } from './request-id.js';
import type { Sample } from './samples.js';

/** What is asked for, of whom and how long. */
export interface Load {
  /** Asked in turn. */
  readonly urls: readonly string[];
  /** Made in turn. */
  readonly samples: readonly Sample[];
  readonly concurrency: number;
  readonly seconds: number;
  /** Figures are told, and begun anew, so often; default once, at the end. */
  readonly windowSeconds?: number;
}

export interface LoadFigures {
  /** Answers as expected. */
  readonly good: number;
  /** How often each kind of failure was seen. */
  readonly failures: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Milliseconds from a request to the end of its answer, of good answers. */
  readonly p50: number;
  readonly p99: number;
  readonly mean: number;
  /** After which nothing more comes. */
  readonly last: boolean;
}

const REQUEST_TIMEOUT_MS = 30_000;

process.once('message', (load: Load) => void generate(load));
process.once('disconnect', () => process.exit());

async function generate(load: Load): Promise<void> {
  const { urls, samples, concurrency, seconds, windowSeconds = seconds } = load;
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const began = performance.now();
  let serial = 0;
  let window = newWindow();

  async function client(): Promise<void> {
    while (performance.now() - began < seconds * 1000) {
      const sample = samples[serial % samples.length]!;
      const url = urls[serial % urls.length]!;
      const start = performance.now();
      const fault = await ask(agent, url, sample, serial++);
      if (fault === undefined) window.latencies.push(performance.now() - start);
      else window.failures.set(fault, (window.failures.get(fault) ?? 0) + 1);
    }
  }

  function tell(last: boolean): void {
    process.send!({ ...figuresOf(window), last } satisfies LoadFigures);
    window = newWindow();
  }

  const timer = setInterval(() => {
    if (performance.now() - began < seconds * 1000) tell(false);
  }, windowSeconds * 1000);
  await Promise.all(Array.from({ length: concurrency }, client));
  clearInterval(timer);
  tell(true);
  agent.destroy();
}

function newWindow() {
  const latencies: number[] = [];
  return { began: performance.now(), latencies, failures: new Map<string, number>() };
}

function figuresOf({
  began,
  latencies,
  failures,
}: ReturnType<typeof newWindow>): Omit<LoadFigures, 'last'> {
  latencies.sort((a, b) => a - b);
  return {
    good: latencies.length,
    failures: Object.fromEntries(failures),
    seconds: (performance.now() - began) / 1000,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    mean: latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length,
  };
}

/** Makes one request; tells what is wrong with its answer, if anything is. */
function ask(
  agent: Agent,
  url: string,
  sample: Sample,
  serial: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException): void => {
      resolve(`${sample.name}: ${code ?? message}`);
    };
    const outgoing = request(
      new URL(sample.path, url),
      {
        agent,
        method: 'POST',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        headers: {
          'content-type': sample.type,
          'content-length': sample.body.byteLength,
          ...(sample.picture !== undefined && {
            'x-request-id': requestIdOf(sample.picture, serial),
          }),
        },
      },
      (response) => {
        text(response).then((body) => {
          const fault = faultOf(sample, response.statusCode!, body);
          resolve(fault && `${sample.name}: ${fault}`);
        }, fail);
      },
    );
    outgoing.once('error', fail);
    outgoing.end(sample.body);
  });
}
