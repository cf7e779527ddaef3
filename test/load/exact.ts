import { startGateway } from './harness/gateway.js';
import { measure } from './harness/measure.js';
import { choiceOf, numberOf, readOptions } from './harness/options.js';
import { startOrigin } from './harness/origin.js';
import { readPictures, type Picture } from './tensors/pictures.js';
import { samplesOf } from './tensors/samples.js';
import { figure, machine, publish, say, table } from './harness/report.js';
import { INPUT_DTYPES, startRecordingServing } from './harness/serving.js';
import type { Recorded } from './harness/serving-process.js';

const options = readOptions(
  'Holds every tensor that reaches the model against Keras’s, under full load.',
  {
    seconds: ['60', 'how long the load lasts'],
    concurrency: ['32', 'requests in flight'],
    dtype: ['float', 'the signature’s: float or uint8'],
  },
);
const seconds = numberOf('seconds', options.seconds, 1);
const concurrency = numberOf('concurrency', options.concurrency, 1);

say('reading the pictures and what Keras makes of them');
const pictures = await readPictures();
const serving = await startRecordingServing(
  choiceOf('dtype', options.dtype, INPUT_DTYPES),
  pictures.map(({ sha256 }) => sha256),
);
const origin = await startOrigin(new Map(pictures.map(({ name, bytes }) => [name, bytes])));
// Batches of eight take more than one place in work.
const gateway = await startGateway(serving.target, { MAX_INFLIGHT: '1024' });
say(`${pictures.length} pictures, ${concurrency} requests in flight, ${seconds} s`);
const figures = await measure([gateway], samplesOf(pictures, origin), { concurrency, seconds });
const recorded = await serving.recorded();
await Promise.all([gateway.stop(), origin.stop(), serving.stop()]);

const different = sum(recorded.different);
const unseen = pictures.filter((_, at) => recorded.equal[at]! + recorded.different[at]! === 0);
const failures = Object.entries(figures.failures);
publish(
  [
    `**Tensors against Keras’s, ${concurrency} requests in flight, ${options.dtype}**`,
    table(['pictures', 'how many', 'tensors', 'equal', 'different'], rowsOf(pictures, recorded)),
    `${figures.good} requests answered as they should be, ${figures.failed} not; ${figure(figures.perSecond)} a second.`,
    ...(unseen.length > 0
      ? [`${unseen.length} pictures did not have their turn: give it more --seconds.`]
      : []),
    ...(different > 0 ? [`Different: ${differing(pictures, recorded).join(', ')}`] : []),
    ...(failures.length > 0 ? [table(['failure', 'times'], failures)] : []),
    machine(serving.name),
  ],
  options.out,
);
process.exitCode = different > 0 || figures.failed > 0 || recorded.images === 0 ? 1 : 0;

function rowsOf(all: readonly Picture[], { equal, different: wrong }: Recorded) {
  const kinds = [...new Set(all.map(({ kind }) => kind)), 'all'];
  return kinds.map((kind) => {
    const places = [...all.keys()].filter((at) => kind === 'all' || all[at]!.kind === kind);
    const same = sum(places.map((at) => equal[at]!));
    const other = sum(places.map((at) => wrong[at]!));
    return [kind, places.length, same + other, same, other];
  });
}

function differing(all: readonly Picture[], { different: wrong }: Recorded): string[] {
  return all.flatMap(({ name }, at) => (wrong[at]! > 0 ? [`${name} ×${wrong[at]!}`] : []));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
