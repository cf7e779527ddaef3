import { startGateway } from './harness/gateway.js';
import { measure, warmUp } from './harness/measure.js';
import { choiceOf, numberOf, readOptions } from './harness/options.js';
import { startOrigin } from './harness/origin.js';
import { KIND_NAMES, KINDS, photographs } from './harness/pictures.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { batchOf, linkOf, type Sample } from './harness/samples.js';
import { startServing } from './harness/serving.js';

const SIZES = [1, 2, 4, 8, 16, 32];
/** Below this share of /predict's CPU, or above its inverse in images per second, a batch pays. */
const WORTH = 0.95;

const options = readOptions(
  'POST /predict/batch against POST /predict, with as many images in flight.',
  {
    seconds: ['10', 'of each row'],
    kind: ['small', 'of the pictures: small, medium or large'],
    images: ['32', 'in flight, whatever they come in'],
    latency: ['0', 'milliseconds that the model takes for each call, however many images it has'],
  },
);
const seconds = numberOf('seconds', options.seconds, 1);
const inFlight = numberOf('images', options.images, 1);
const { count, width, height } = KINDS[choiceOf('kind', options.kind, KIND_NAMES)];

const pictures = await photographs(count, width, height);
const serving = await startServing('float', numberOf('latency', options.latency));
const origin = await startOrigin(new Map(pictures.map((bytes, at) => [`${at}`, bytes])));
const gateway = await startGateway(serving.target);
const links = pictures.map((_, at) => origin.link(`${at}`));
const singles = links.map((url) => linkOf('predict', url));

const single = await row(singles, 1);
const rows = [['/predict', ...single.cells, '1', '1', '']];
for (const size of SIZES) {
  const { perSecond, cpuMs, cells } = await row(batchesOf(size), size);
  const faster = perSecond / single.perSecond;
  const cheaper = cpuMs / single.cpuMs;
  const pays = [cheaper < WORTH && 'CPU', faster > 1 / WORTH && 'speed'].filter(Boolean);
  rows.push([
    `batch of ${size}`,
    ...cells,
    figure(faster),
    figure(cheaper),
    pays.join(' and ') || 'no',
  ]);
}
await Promise.all([gateway.stop(), origin.stop(), serving.stop()]);

publish(
  [
    `**Batches of ${options.kind} pictures by link, ${inFlight} images in flight, ${options.latency} ms of the model**`,
    table(
      [
        'request',
        'in flight',
        'images/s',
        'CPU ms/image',
        'p50 ms',
        'p99 ms',
        'PSS MiB',
        'failed',
        'images/s ÷ /predict',
        'CPU ÷ /predict',
        'pays in',
      ],
      rows,
    ),
    `p50 and p99 are of whole requests. A batch pays in CPU below ${WORTH} of that of /predict, in speed above ${figure(1 / WORTH)} times its images.`,
    machine(serving.name),
  ],
  options.out,
);

async function row(samples: readonly Sample[], size: number) {
  const concurrency = Math.max(1, Math.round(inFlight / size));
  say(`${samples[0]!.name}, ${concurrency} in flight`);
  await warmUp([gateway], samples, { concurrency, seconds: Math.min(3, seconds) });
  const figures = await measure([gateway], samples, { concurrency, seconds });
  const perSecond = figures.perSecond * size;
  const cpuMs = figures.cpuMs / size;
  const cells = [perSecond, cpuMs, figures.p50, figures.p99, figures.pss].map(figure);
  return {
    perSecond,
    cpuMs,
    cells: [`${concurrency}`, ...cells, failuresOf(figures.failures)],
  };
}

function batchesOf(size: number): Sample[] {
  return links.map((_, first) =>
    batchOf(
      `batch of ${size}`,
      Array.from({ length: size }, (_, at) => ({ url: links[(first + at) % links.length]! })),
    ),
  );
}
