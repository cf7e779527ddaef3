import { setTimeout as sleep } from 'node:timers/promises';
import { watch, type Watched } from './endurance/watch.js';
import { Faults } from './endurance/faults.js';
import { trendOf } from './endurance/trend.js';
import { drawTraffic } from './endurance/traffic.js';
import { FaultyServing } from './harness/faulty-serving.js';
import { startGateway } from './harness/gateway.js';
import { windowsOf } from './harness/measure.js';
import { numberOf, readOptions, variablesOf } from './harness/options.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { startServing } from './harness/serving.js';

const WINDOW_SECONDS = 10;
const HEADER = ['after s', 'fault', 'good/s', 'p99 ms', 'failed, explained', 'failed'];
const WATCHED = {
  pss: 'PSS MiB',
  heap: 'heap MiB',
  descriptors: 'descriptors',
  sockets: 'sockets',
  timers: 'timers',
  lag: 'loop lag p99 ms',
} as const satisfies Record<keyof Watched, string>;

const options = readOptions(
  'Mixed traffic, good and bad, for a long time: what grows, and what fails.\n\n  soak [MINUTES]',
  {
    minutes: ['10', 'how long'],
    concurrency: ['12', 'requests in flight, batches among them'],
    faults: ['0', 'seconds of each of the faults that take turns; 0: none'],
    set: ['', "the gateway's variables, NAME=VALUE, apart by commas"],
  },
  'minutes',
);
const seconds = 60 * numberOf('minutes', options.minutes, 0.1);
const concurrency = numberOf('concurrency', options.concurrency, 1);

const faultSeconds = numberOf('faults', options.faults);

const faulty = faultSeconds > 0 ? await FaultyServing.start(3) : undefined;
const serving = faulty ?? (await startServing());
const traffic = await drawTraffic();
const gateway = await startGateway(serving.target, {
  // What hangs is soon over, so that a fault's failures are told apart from the next one's.
  ...(faulty && { PREDICT_TIMEOUT_MS: '5000', IMAGE_FETCH_TIMEOUT_MS: '3000' }),
  ...variablesOf(options.set),
});
const faults = faulty && new Faults(gateway.url, faulty, faultSeconds);
const seen: Watched[] = [];
const rows: string[][] = [];
const failures: Record<string, number> = {};
const explained: Record<string, number> = {};

const load = {
  urls: [gateway.url],
  samples: traffic.samples,
  concurrency,
  seconds,
  windowSeconds: WINDOW_SECONDS,
};
let elapsed = 0;
faults?.start();
for await (const window of windowsOf(load)) {
  const watched = await watch(gateway);
  elapsed += window.seconds;
  if (window.seconds > WINDOW_SECONDS / 2) seen.push(watched);
  const fault = faults?.look();
  const [known, unknown]: Record<string, number>[] = [{}, {}];
  for (const [what, count] of Object.entries(window.failures)) {
    const isExplained = fault?.explains(what) === true;
    (isExplained ? known : unknown)![what] = count;
    const all = isExplained ? explained : failures;
    all[what] = (all[what] ?? 0) + count;
  }
  const perSecond = window.good / window.seconds;
  rows.push(
    rowOf(
      [
        elapsed.toFixed(0),
        fault?.name ?? '',
        figure(perSecond),
        figure(window.p99),
        String(sumOf(known!)),
        failuresOf(unknown!),
      ],
      watched,
    ),
  );
  say(rows.at(-1)!.join('  '));
}
await faults?.stop();
await sleep(5000);
rows.push(rowOf(['5 s of rest', '', '', '', '', ''], await watch(gateway)));
await Promise.all([gateway.stop(), traffic.close(), serving.stop()]);

const half = seen.slice(seen.length >> 1);
const trends = (['pss', 'heap', 'descriptors', 'sockets', 'timers'] as const).map((what) => {
  const { perWindow, rise, doubt, verdict } = trendOf(half.map((each) => each[what]));
  const perHour = (perWindow * 3600) / WINDOW_SECONDS;
  return [WATCHED[what], ...[perHour, rise, doubt].map(figure), verdict];
});
const failed = sumOf(failures);
publish(
  [
    `**${options.minutes} minutes of mixed traffic, ${concurrency} in flight**`,
    table([...HEADER, ...Object.values(WATCHED)], rows),
    `**The second half, ${half.length} windows of ${WINDOW_SECONDS} s**`,
    table(
      ['what', 'slope per hour', 'rise over the half', '± (two standard errors)', 'verdict'],
      trends,
    ),
    'Growing: the fitted line rises by more than its two standard errors and by more than 5 % of the mean. Fewer than 6 windows say nothing.',
    `${failed} answers were not the expected ones${failed > 0 ? `: ${failuresOf(failures)}` : ''}.`,
    ...(faults ? [`Explained by the fault that was on: ${failuresOf(explained)}.`] : []),
    machine(serving.name),
  ],
  options.out,
);
process.exitCode = failed > 0 ? 1 : 0;

function rowOf(told: string[], watched: Watched): string[] {
  const keys = Object.keys(WATCHED) as (keyof Watched)[];
  return [...told, ...keys.map((key) => figure(watched[key]))];
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
