import { spawn } from 'node:child_process';
import { createServingClient, type ServingClient } from '#serving-client';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { freePort, own, stop } from './harness/children.js';
import { numberOf, readOptions } from './harness/options.js';
import { median, percentile } from './harness/percentile.js';
import { figure, machine, publish, say, table } from './harness/report.js';
import { SIDE } from './harness/signature.js';

const MODEL = { name: 'clothing-model' };
/** How many images a caller sends in one call: what a gateway could join at best, with no waiting for others. */
const JOINED = [1, 4, 8];

const options = readOptions(
  'Predict calls of one image against calls that have joined several, before the real model server.',
  {
    seconds: ['8', 'of each row and round'],
    rounds: ['3', 'of all rows, in turn'],
    images: ['16', 'in flight, whatever calls they come in'],
  },
);
const seconds = numberOf('seconds', options.seconds, 1);
const rounds = numberOf('rounds', options.rounds, 1);
const inFlight = numberOf('images', options.images, 1);

interface Row {
  readonly name: string;
  readonly client: ServingClient;
  readonly joined: number;
  readonly perSecond: number[];
  readonly waits: number[];
  failed: number;
}

const servers = [await startModelServer(8), await startModelServer(1)];
const rows = servers.flatMap(({ name, client }) =>
  JOINED.map((joined): Row => ({ name, client, joined, perSecond: [], waits: [], failed: 0 })),
);
for (const row of rows) await drive(row, Math.min(3, seconds));
for (let round = 0; round < rounds; round++) {
  for (const row of round % 2 === 0 ? rows : [...rows].reverse()) {
    say(`${row.name}, ${row.joined} a call`);
    const { waits, failed, took } = await drive(row, seconds);
    row.perSecond.push((waits.length * row.joined) / took);
    row.waits.push(...waits);
    row.failed += failed;
  }
}
for (const { client, end } of servers) {
  client.close();
  await end();
}

publish(
  [
    `**${inFlight} images in flight before the model server, uint8, ${rounds} rounds of ${seconds} s**`,
    table(
      ['the server', 'images a call', 'images/s', 'p50 ms', 'p99 ms', 'failed'],
      rows.map(({ name, joined, perSecond, waits, failed }) => {
        const ascending = waits.sort((a, b) => a - b);
        const times = [percentile(ascending, 50), percentile(ascending, 99)];
        return [name, `${joined}`, figure(median(perSecond)), ...times.map(figure), `${failed}`];
      }),
    ),
    machine(),
  ],
  options.out,
);

/** Keeps so many images in flight, and tells how long each call took. */
async function drive({ client, joined }: Row, forSeconds: number) {
  const template = client.template({
    model: MODEL,
    signatureName: 'serving_uint8',
    input: { alias: 'input_8', dtype: 'DT_UINT8', shape: [joined, SIDE, SIDE, 3] },
    outputFilter: [],
  });
  const waits: number[] = [];
  let failed = 0;
  const from = performance.now();
  const until = from + forSeconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      const asked = performance.now();
      const call = { deadline: new Date(Date.now() + 60_000) };
      await client.predictDraft(client.draft(template), call).then(
        () => waits.push(performance.now() - asked),
        () => failed++,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.round(inFlight / joined)) }, caller));
  return { waits, failed, took: (performance.now() - from) / 1000 };
}

async function startModelServer(maxBatchSize: number) {
  const port = await freePort();
  const child = own(
    spawn(process.execPath, [projectPath('dist', 'apps', 'model-server', 'src', 'main.js')], {
      env: {
        ...process.env,
        GRPC_PORT: String(port),
        MAX_BATCH_SIZE: String(maxBatchSize),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
  const client = createServingClient({ host: `127.0.0.1:${port}` });
  await eventually(
    () =>
      client
        .getModelStatus(MODEL, { deadline: new Date(Date.now() + 1000) })
        .then((versions) => versions.some(({ state }) => state === 'AVAILABLE'))
        .catch(() => false),
    Boolean,
  );
  const name = maxBatchSize > 1 ? `joins up to ${maxBatchSize}` : 'does not join';
  return { name, client, end: () => stop(child) };
}
