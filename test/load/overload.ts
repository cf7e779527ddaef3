import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type Gateway } from './harness/gateway.js';
import { startModule, nextMessage, stop } from './harness/children.js';
import { measure, warmUp, type Figures } from './harness/measure.js';
import { choiceOf, numberOf, readOptions } from './harness/options.js';
import type { Burst, BurstFigures } from './harness/burst-process.js';
import { median } from './harness/percentile.js';
import { startOrigin } from './harness/origin.js';
import { KIND_NAMES, KINDS, photographs } from './harness/pictures.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { linkOf, rawOf, type Sample } from './harness/samples.js';
import { startServing } from './harness/serving.js';
import { cpuSeconds, pssMib } from './harness/usage.js';

const HEADER = [
  'asked',
  'peak/s',
  'asked/s',
  'good/s',
  'of the peak',
  'good p50 ms',
  'good p99 ms',
  'refused/s',
  'refused p50 ms',
  'refused p99 ms',
  'CPU ms a request',
  'most PSS MiB',
  'other answers',
];

interface Round extends BurstFigures {
  /** Good answers a second of the closed loop before it. */
  readonly peak: number;
  readonly cpuMs: number;
  readonly pss: number;
}

/** As many as may be in work. */
const CONCURRENCY = 64;
const PSS_INTERVAL_MS = 250;
/** Processors. */
const [SERVERS, ASKING] = [0, 1];

const options = readOptions(
  'More requests than can be answered, at a fixed rate: what is answered, and how soon the rest is refused.',
  {
    seconds: ['10', 'of each round, and of the peak before it'],
    times: ['1,2,4', 'multiples of the peak, apart by commas'],
    rounds: ['3', 'of all multiples in turn'],
    latency: [
      '0',
      'of the model, in ms; above 0 the limit on images in work is the capacity, not the processor',
    ],
    kind: ['small', 'of pictures: small, medium or large'],
    by: ['raw', 'how pictures come: raw, or link from an origin on the same machine'],
    megabytes: ['15', 'of the large bodies'],
    apart: ['0', '1: who asks has a processor that gateway and model server leave alone'],
  },
);
const kind = choiceOf('kind', options.kind, KIND_NAMES);
const by = choiceOf('by', options.by, ['raw', 'link']);
const seconds = numberOf('seconds', options.seconds, 1);

const latency = numberOf('latency', options.latency);

const isApart = numberOf('apart', options.apart) > 0;

if (isApart) moveTo(SERVERS);
const serving = await startServing('float', latency);
const gateway = await startGateway(serving.target);
if (isApart) moveTo(ASKING);
const { count, width, height } = KINDS[kind];
const pictures = await photographs(count, width, height);
const origin = await startOrigin(new Map(pictures.map((bytes, which) => [String(which), bytes])));
const samples = pictures.map((bytes, which) =>
  by === 'link' ? linkOf('link', origin.link(String(which))) : rawOf('raw', bytes),
);
await warmUp([gateway], samples, { concurrency: CONCURRENCY, seconds: 5 });
const bursts = options.times
  .split(',')
  .map(Number)
  .map((times) => ({ times, name: `${times} × the peak`, rounds: [] as Round[] }));
const peaks: Round[] = [];
for (let left = numberOf('rounds', options.rounds, 1); left > 0; left--) {
  for (const { times, name, rounds } of bursts) {
    // Before each, since the machine is shared: the peak of a minute ago is another's.
    const figures = await measure([gateway], samples, { concurrency: CONCURRENCY, seconds });
    peaks.push(closedLoop(figures));
    const round = await burst(gateway, samples, times * figures.perSecond, figures.perSecond);
    rounds.push(round);
    say(rowOf(name, [round]).join('  '));
  }
}
const rows = [
  rowOf(`closed loop, ${CONCURRENCY} at once: the peak`, peaks),
  ...bursts.map(({ name, rounds }) => rowOf(name, rounds)),
];
await gateway.stop();

// Bodies that no model wants to see: what they hold is all that they cost.
const body = Buffer.alloc(numberOf('megabytes', options.megabytes, 1) * 1e6, 1);
if (isApart) moveTo(SERVERS);
const held = await startGateway(serving.target);
if (isApart) moveTo(ASKING);
const large = [{ ...rawOf('large', body), expect: { status: 415, code: 'UNSUPPORTED_IMAGE' } }];
rows.push(rowOf(`bodies of ${options.megabytes} MB, 64 a second`, [await burst(held, large, 64)]));
await Promise.all([held.stop(), serving.stop(), origin.stop()]);

publish(
  [
    `**Overload: pictures of ${width}×${height} pixels ${by === 'link' ? 'by link' : 'as raw bodies'}, ${seconds} s each, medians of ${options.rounds} rounds${isApart ? ', one processor for gateway and model server, one for who asks' : ''}**`,
    table(HEADER, rows),
    machine(serving.name),
  ],
  options.out,
);

/** Gives a gateway requests at a fixed rate. */
async function burst(
  { url, pid }: Gateway,
  asked: readonly Sample[],
  perSecond: number,
  peak = NaN,
): Promise<Round> {
  const child = startModule('burst-process', {
    url,
    samples: asked,
    perSecond,
    seconds,
  } satisfies Burst);
  const watching = new AbortController();
  const cpuBefore = cpuSeconds(pid);
  const memory = mostPss(pid, watching.signal);
  const figures = await nextMessage<BurstFigures>(child);
  watching.abort();
  await stop(child);
  const cpuMs = (1000 * (cpuSeconds(pid) - cpuBefore)) / figures.asked;
  return { ...figures, peak, cpuMs, pss: await memory };
}

/** Medians over rounds; of the share of the peak also the least and the most. */
function rowOf(name: string, of: readonly Round[]): string[] {
  const over = (value: (round: Round) => number): string => figure(median(of.map(value)));
  const shares = of.map(({ good, seconds: took, peak }) => good.count / took / peak);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const extent = least < most ? ` (${figure(least)} to ${figure(most)})` : '';
  return [
    name,
    over(({ peak }) => peak),
    over((round) => round.asked / round.seconds),
    over(({ good, seconds: took }) => good.count / took),
    `${figure(median(shares))}${extent}`,
    over(({ good }) => good.p50),
    over(({ good }) => good.p99),
    over(({ refused, seconds: took }) => refused.count / took),
    over(({ refused }) => refused.p50),
    over(({ refused }) => refused.p99),
    over(({ cpuMs }) => cpuMs),
    figure(Math.max(...of.map(({ pss }) => pss))),
    of.map(({ others }) => failuresOf(others)).join('; '),
  ];
}

/** A round in which nothing is refused, and whose good answers are the peak. */
function closedLoop({ good, failed, p50, p99, failures, perSecond, ...others }: Figures): Round {
  return {
    ...others,
    asked: good + failed,
    good: { count: good, p50, p99 },
    refused: { count: 0, p50: NaN, p99: NaN },
    others: failures,
    peak: perSecond,
  };
}

/** This process, and those that it starts from now on. */
function moveTo(processor: number): void {
  execFileSync('taskset', ['-acp', String(processor), String(process.pid)]);
}

async function mostPss(pid: number, signal: AbortSignal): Promise<number> {
  let most = 0;
  while (!signal.aborted) {
    most = Math.max(most, pssMib(pid));
    await sleep(PSS_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
  return most;
}
