import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type Gateway } from './harness/gateway.js';
import { startModule, nextMessage, stop } from './harness/children.js';
import { measure, warmUp } from './harness/measure.js';
import { numberOf, readOptions } from './harness/options.js';
import type { Burst, BurstFigures } from './harness/burst-process.js';
import { KINDS, photographs } from './harness/pictures.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { rawOf, type Sample } from './harness/samples.js';
import { startServing } from './harness/serving.js';
import { cpuSeconds, pssMib } from './harness/usage.js';

const HEADER = [
  'asked',
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
/** As many as may be in work. */
const CONCURRENCY = 64;
const PSS_INTERVAL_MS = 250;
/** Processors. */
const [SERVERS, ASKING] = [0, 1];

const options = readOptions(
  'More requests than can be answered, at a fixed rate: what is answered, and how soon the rest is refused.',
  {
    seconds: ['10', 'of each row'],
    times: ['1,2,4', 'multiples of the peak, apart by commas'],
    latency: [
      '0',
      'of the model, in ms; above 0 the limit on images in work is the capacity, not the processor',
    ],
    megabytes: ['15', 'of the large bodies'],
    apart: ['0', '1: who asks has a processor that gateway and model server leave alone'],
  },
);
const seconds = numberOf('seconds', options.seconds, 1);

const latency = numberOf('latency', options.latency);

const isApart = numberOf('apart', options.apart) > 0;

if (isApart) moveTo(SERVERS);
const serving = await startServing('float', latency);
const gateway = await startGateway(serving.target);
if (isApart) moveTo(ASKING);
const { small } = KINDS;
const pictures = await photographs(small.count, small.width, small.height);
const samples = pictures.map((bytes) => rawOf('raw', bytes));
await warmUp([gateway], samples, { concurrency: CONCURRENCY, seconds: 5 });
const peak = await measure([gateway], samples, { concurrency: CONCURRENCY, seconds });
const rows = [
  [
    `closed loop, ${CONCURRENCY} at once: the peak`,
    figure(peak.perSecond),
    figure(peak.perSecond),
    '1',
    figure(peak.p50),
    figure(peak.p99),
    '0',
    '',
    '',
    figure(peak.cpuMs),
    figure(peak.pss),
    failuresOf(peak.failures),
  ],
];
for (const times of options.times.split(',').map(Number)) {
  rows.push(await rowOf(`${times} × the peak`, gateway, samples, times * peak.perSecond));
  say(rows.at(-1)!.join('  '));
}
await gateway.stop();

// Bodies that no model wants to see: what they hold is all that they cost.
const body = Buffer.alloc(numberOf('megabytes', options.megabytes, 1) * 1e6, 1);
if (isApart) moveTo(SERVERS);
const held = await startGateway(serving.target);
if (isApart) moveTo(ASKING);
const large = [{ ...rawOf('large', body), expect: { status: 415, code: 'UNSUPPORTED_IMAGE' } }];
rows.push(await rowOf(`bodies of ${options.megabytes} MB, 64 a second`, held, large, 64));
await Promise.all([held.stop(), serving.stop()]);

publish(
  [
    `**Overload: pictures of ${small.width}×${small.height} pixels as raw bodies, ${seconds} s each${isApart ? ', one processor for gateway and model server, one for who asks' : ''}**`,
    table(HEADER, rows),
    machine(serving.name),
  ],
  options.out,
);

async function rowOf(
  name: string,
  { url, pid }: Gateway,
  asked: readonly Sample[],
  perSecond: number,
): Promise<string[]> {
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
  const cpu = cpuSeconds(pid) - cpuBefore;
  const good = figures.good.count / figures.seconds;
  return [
    name,
    figure(figures.asked / figures.seconds),
    figure(good),
    figure(good / peak.perSecond),
    figure(figures.good.p50),
    figure(figures.good.p99),
    figure(figures.refused.count / figures.seconds),
    figure(figures.refused.p50),
    figure(figures.refused.p99),
    figure((1000 * cpu) / figures.asked),
    figure(await memory),
    failuresOf(figures.others),
  ];
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
