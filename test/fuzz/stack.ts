import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { projectPath } from '#project';
import { freePort, own, stop } from '../load/harness/children.js';
import { eventually } from '../support/eventually.js';
import { launch, start, urlOf, type Run } from '../support/gateway-process.js';
import { MODELS } from './requests/http-request.js';

export interface Stack {
  readonly url: string;
  readonly port: number;
  readonly grpcPort: number;
  readonly processes: Readonly<Record<string, Run>>;
  close(): Promise<void>;
}

/** Small enough for what is not decoded to show in memory. */
const MAX_BYTES = 1 << 20;
const MAX_PIXELS = 4_000_000;

const FIXTURES = [
  'half_plus_two',
  'double_float16',
  'identity_string',
  'fixed_batch',
  'rows_of_three',
  'total',
];

/** The ways that a picture can take: few pixels of it, all, all but roughly. */
const IMAGES: Readonly<Record<(typeof MODELS)[number], object>> = {
  nearest: { resample: 'nearest', decode: 'exact' },
  bicubic: { resample: 'bicubic', decode: 'exact' },
  fast: { resample: 'bilinear', decode: 'fast' },
};

/** The built gateway before the built model server, with small models, each a process. */
export async function startStack(): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  for (const name of MODELS) addModel(folder, name, 'weighted_colours');
  for (const name of FIXTURES) addModel(folder, name, name);
  mkdirSync(join(folder, 'catalog'));
  for (const name of MODELS) {
    const image = { size: [16, 16], fit: 'stretch', scaling: 'none', ...IMAGES[name] };
    const spec = {
      name,
      signature: 'serving_default',
      image,
      scores: 'probabilities',
      labels: ['red', 'green', 'blue'],
    };
    writeFileSync(join(folder, 'catalog', `${name}.yaml`), stringify(spec));
  }
  const grpcPort = await freePort();
  const modelServer = launch(
    process.execPath,
    [projectPath('dist/apps/model-server/src/main.js')],
    {
      HOST: '127.0.0.1',
      GRPC_PORT: String(grpcPort),
      MODEL_BASE_PATH: join(folder, 'models'),
      LOG_FORMAT: 'json',
    },
  );
  const gateway = start({
    HOST: '127.0.0.1',
    TF_SERVING_HOST: `127.0.0.1:${grpcPort}`,
    MODEL_CATALOG: join(folder, 'catalog'),
    MODEL_NAME: 'nearest',
    IMAGE_MAX_BYTES: String(MAX_BYTES),
    IMAGE_MAX_PIXELS: String(MAX_PIXELS),
    BATCH_MAX_IMAGES: '8',
    MAX_INFLIGHT: '1000',
    // A machine that others keep busy is no fault; what hangs does so for longer.
    PREDICT_TIMEOUT_MS: '60000',
    SHUTDOWN_DELAY_MS: '0',
    LOG_FORMAT: 'json',
  });
  const processes = { gateway, 'model server': modelServer };
  for (const run of Object.values(processes)) own(run.process);
  const url = (await urlOf(gateway)).replace('localhost', '127.0.0.1');
  for (const name of MODELS) {
    await eventually(
      () => fetch(`${url}v2/models/${name}/ready`),
      ({ ok }) => ok,
    );
  }
  return {
    url,
    port: Number(new URL(url).port),
    grpcPort,
    processes,
    close: async () => {
      for (const run of Object.values(processes)) await stop(run.process);
      rmSync(folder, { recursive: true });
    },
  };
}

function addModel(folder: string, name: string, fixture: string): void {
  const version = join(folder, 'models', name, '1');
  mkdirSync(version, { recursive: true });
  const file = projectPath('apps', 'model-server', 'test-fixtures', `${fixture}.onnx`);
  symlinkSync(file, join(version, 'model.onnx'));
}
