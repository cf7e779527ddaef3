import { startGateway } from './harness/gateway.js';
import { growth, type Metrics } from './harness/metrics.js';
import { measure, warmUp } from './harness/measure.js';
import { choiceOf, numberOf, readOptions } from './harness/options.js';
import { startOrigin } from './harness/origin.js';
import { KINDS, photographs } from './harness/pictures.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { linkOf, rawOf } from './harness/samples.js';
import { INPUT_DTYPES, startServing } from './harness/serving.js';

const STAGES = ['fetch', 'decode', 'resize', 'infer'] as const;
const STAGE = 'gateway_stage_duration_seconds';
const HTTP = 'gateway_http_request_duration_seconds';
const ROUTE = '{method="POST",route="/predict"}';

const options = readOptions('One request at a time: how long it takes, and where the time goes.', {
  seconds: ['15', 'of each row'],
  dtype: ['float', 'the signature’s: float or uint8'],
  latency: ['0', 'milliseconds that the model takes for each call'],
});
const seconds = numberOf('seconds', options.seconds, 1);

const serving = await startServing(
  choiceOf('dtype', options.dtype, INPUT_DTYPES),
  numberOf('latency', options.latency),
);
const gateway = await startGateway(serving.target);
const rows: (string | number)[][] = [];
for (const [kind, { count, width, height }] of Object.entries(KINDS)) {
  const pictures = await photographs(count, width, height);
  const origin = await startOrigin(new Map(pictures.map((bytes, at) => [`${at}`, bytes])));
  const ways = {
    link: pictures.map((_, at) => linkOf(kind, origin.link(`${at}`))),
    raw: pictures.map((bytes) => rawOf(kind, bytes)),
  };
  for (const [way, samples] of Object.entries(ways)) {
    say(`${kind}, ${way}`);
    await warmUp([gateway], samples, { concurrency: 8, seconds: Math.min(5, seconds) });
    const before = await gateway.metrics();
    const figures = await measure([gateway], samples, { concurrency: 1, seconds });
    const after = await gateway.metrics();
    rows.push([
      `${kind} ${width}×${height}, ${way}`,
      figures.good,
      ...[figures.p50, figures.p99, figures.mean].map(figure),
      ...sharesOf(before, after),
      figure(figures.cpuMs),
      failuresOf(figures.failures),
    ]);
  }
  await origin.stop();
}
await Promise.all([gateway.stop(), serving.stop()]);

publish(
  [
    '**One request at a time**',
    table(
      ['pictures', 'answers', 'p50 ms', 'p99 ms', 'mean ms', ...STAGES, 'rest', 'CPU ms', 'failed'],
      rows,
    ),
    'Stages: mean ms, and their share of the request as the gateway times it. The rest is HTTP, reading the body, the answer, and waiting for a turn.',
    machine(serving.name),
  ],
  options.out,
);

function sharesOf(before: Metrics, after: Metrics): string[] {
  const count = growth(before, after, `${HTTP}_count${ROUTE}`);
  const msOf = (series: string): number => (1000 * growth(before, after, series)) / count;
  const whole = msOf(`${HTTP}_sum${ROUTE}`);
  const stages = STAGES.map((stage) =>
    msOf(`${STAGE}_sum{model="clothing-model",stage="${stage}"}`),
  );
  const rest = whole - stages.reduce((sum, ms) => sum + ms, 0);
  return [...stages, rest].map((ms) => `${figure(ms)} (${Math.round((100 * ms) / whole)} %)`);
}
