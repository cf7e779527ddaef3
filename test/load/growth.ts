import { startGateway, type Gateway } from './harness/gateway.js';
import { measure, warmUp } from './harness/measure.js';
import { numberOf, readOptions } from './harness/options.js';
import { startOrigin } from './harness/origin.js';
import { KINDS, photographs } from './harness/pictures.js';
import { failuresOf, figure, machine, publish, say, table } from './harness/report.js';
import { linkOf, type Sample } from './harness/samples.js';
import { startServing } from './harness/serving.js';
import { pssMib } from './harness/usage.js';

/** Megapixels, 4:3. */
const SIZES = [0.1, 0.3, 1, 2, 4, 8, 12, 24];
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64];
const INSTANCES = [1, 2];
const FIGURES = ['CPU ms/req', 'req/s', 'p50 ms', 'p99 ms', 'PSS MiB', 'failed'];

const options = readOptions(
  'How cost grows with the picture, with concurrency, and with instances.',
  {
    seconds: ['10', 'of each row'],
    concurrency: ['8', 'requests in flight in the tables of sizes and of instances'],
  },
);
const seconds = numberOf('seconds', options.seconds, 1);
const concurrency = numberOf('concurrency', options.concurrency, 1);
const warmSeconds = Math.min(3, seconds);

const serving = await startServing();
const sizes = await tableOf('picture', SIZES, async (megapixels) => {
  const { samples, mebibytes, close } = await linked(3, ...dimensions(megapixels));
  const gateway = await startGateway(serving.target);
  const cells = await row([gateway], samples, concurrency);
  await Promise.all([close(), gateway.stop()]);
  return [`${megapixels} MP, ${figure(mebibytes)} MiB`, ...cells];
});

const { count, width, height } = KINDS.small;
const small = await linked(count, width, height);
const gateway = await startGateway(serving.target);
const concurrencies = await tableOf('in flight', CONCURRENCIES, async (inFlight) => [
  `${inFlight}`,
  ...(await row([gateway], small.samples, inFlight)),
]);
await gateway.stop();

const instances = await tableOf('gateways (idle PSS MiB)', INSTANCES, async (number) => {
  const gateways: Gateway[] = [];
  while (gateways.length < number) gateways.push(await startGateway(serving.target));
  const idle = gateways.reduce((sum, { pid }) => sum + pssMib(pid), 0);
  const cells = await row(gateways, small.samples, concurrency);
  await Promise.all(gateways.map((each) => each.stop()));
  return [`${number} (${figure(idle)})`, ...cells];
});
await Promise.all([small.close(), serving.stop()]);

publish(
  [
    `**With the size of the picture, ${concurrency} in flight, a gateway started for each**`,
    sizes,
    '**With concurrency, small pictures, one gateway**',
    concurrencies,
    `**With instances before one model, small pictures, ${concurrency} in flight in all**`,
    instances,
    machine(serving.name),
  ],
  options.out,
);

async function tableOf<T>(
  first: string,
  values: readonly T[],
  rowOf: (value: T) => Promise<string[]>,
): Promise<string> {
  const rows: string[][] = [];
  for (const value of values) {
    say(`${first} ${String(value)}`);
    rows.push(await rowOf(value));
  }
  return table([first, ...FIGURES], rows);
}

async function row(
  gateways: readonly Gateway[],
  samples: readonly Sample[],
  inFlight: number,
): Promise<string[]> {
  await warmUp(gateways, samples, { concurrency: inFlight, seconds: warmSeconds });
  const figures = await measure(gateways, samples, { concurrency: inFlight, seconds });
  const { cpuMs, perSecond, p50, p99, pss, failures } = figures;
  return [...[cpuMs, perSecond, p50, p99, pss].map(figure), failuresOf(failures)];
}

async function linked(number: number, pictureWidth: number, pictureHeight: number) {
  const pictures = await photographs(number, pictureWidth, pictureHeight);
  const origin = await startOrigin(new Map(pictures.map((bytes, at) => [`${at}`, bytes])));
  const bytes = pictures.reduce((sum, { byteLength }) => sum + byteLength, 0) / number;
  return {
    samples: pictures.map((_, at) => linkOf('link', origin.link(`${at}`))),
    mebibytes: bytes / 2 ** 20,
    close: () => origin.stop(),
  };
}

function dimensions(megapixels: number): [width: number, height: number] {
  const unit = Math.sqrt((megapixels * 1e6) / 12);
  return [Math.round(unit * 4), Math.round(unit * 3)];
}
