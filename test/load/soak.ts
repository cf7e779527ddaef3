import { setTimeout as sleep } from 'node:timers/promises';
import { watch, type Watched } from './endurance/watch.js';
import { trendOf } from './endurance/trend.js';
import { drawTraffic } from './endurance/traffic.js';
import { startGateway } from './harness/gateway.js';
import { windowsOf } from './harness/measure.js';
import { numberOf, readOptions, variablesOf } from './harness/options.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { startServing } from './harness/serving.js';

const WINDOW_SECONDS = 10;
const HEADER = ['after s', 'good/s', 'p99 ms', 'failed'];
const WATCHED = {
  pss: 'PSS MiB',
  heap: 'heap MiB',
  descriptors: 'descriptors',
  sockets: 'sockets',
  lag: 'loop lag p99 ms',
} as const satisfies Record<keyof Watched, string>;

const options = readOptions(
  'Mixed traffic, good and bad, for a long time: what grows, and what fails.\n\n  soak [MINUTES]',
  {
    minutes: ['10', 'how long'],
    concurrency: ['12', 'requests in flight, batches among them'],
    set: ['', "the gateway's variables, NAME=VALUE, apart by commas"],
  },
  'minutes',
);
const seconds = 60 * numberOf('minutes', options.minutes, 0.1);
const concurrency = numberOf('concurrency', options.concurrency, 1);

const serving = await startServing();
const traffic = await drawTraffic();
const gateway = await startGateway(serving.target, variablesOf(options.set));
const seen: Watched[] = [];
const rows: string[][] = [];
const failures: Record<string, number> = {};

const load = {
  urls: [gateway.url],
  samples: traffic.samples,
  concurrency,
  seconds,
  windowSeconds: WINDOW_SECONDS,
};
let elapsed = 0;
for await (const window of windowsOf(load)) {
  const watched = await watch(gateway);
  elapsed += window.seconds;
  if (window.seconds > WINDOW_SECONDS / 2) seen.push(watched);
  for (const [what, count] of Object.entries(window.failures)) {
    failures[what] = (failures[what] ?? 0) + count;
  }
  const perSecond = window.good / window.seconds;
  rows.push(
    rowOf(elapsed.toFixed(0), [figure(perSecond), figure(window.p99)], window.failures, watched),
  );
  say(rows.at(-1)!.join('  '));
}
await sleep(5000);
rows.push(rowOf('5 s of rest', ['', ''], {}, await watch(gateway)));
await Promise.all([gateway.stop(), traffic.close(), serving.stop()]);

const half = seen.slice(seen.length >> 1);
const trends = (['pss', 'heap', 'descriptors'] as const).map((what) => {
  const { perWindow, rise, doubt, verdict } = trendOf(half.map((each) => each[what]));
  const perHour = (perWindow * 3600) / WINDOW_SECONDS;
  return [WATCHED[what], ...[perHour, rise, doubt].map(figure), verdict];
});
const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
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
    machine(serving.name),
  ],
  options.out,
);
process.exitCode = failed > 0 ? 1 : 0;

function rowOf(
  when: string,
  speed: string[],
  failed: Readonly<Record<string, number>>,
  watched: Watched,
): string[] {
  const keys = Object.keys(WATCHED) as (keyof Watched)[];
  return [when, ...speed, failuresOf(failed), ...keys.map((key) => figure(watched[key]))];
}
