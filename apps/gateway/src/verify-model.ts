import { setTimeout as sleep } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { createLogger } from '#logging';
import { createServingClient, type ServingClient } from '#serving-client';
import { readSetup, type Setup } from './config/read-setup.js';
import { EmbeddedModelServer } from './embedded/embedded-model-server.js';
import { ModelNotReadyError } from './errors/errors.js';
import type { CatalogEntry } from './models/load-catalog.js';
import { Semaphore } from './models/semaphore.js';
import { ServedModel } from './models/served-model.js';

const TIMEOUT_MS = 120_000;
const RETRY_MS = 200;

/**
 * `npm run verify-model`: holds each model's golden images against the preprocessing and the model
 * that serves, the embedded one or TF_SERVING_HOST. Ends with 1 at the first difference.
 */
const setup = readSetup(process.env);
const logger = await createLogger({ name: 'verify-model', level: 'warn', format: 'pretty' });
const { TF_SERVING_HOST } = setup.config;
const embedded =
  TF_SERVING_HOST === undefined
    ? new EmbeddedModelServer({ ...process.env, LOG_LEVEL: 'warn' }, logger)
    : undefined;
await embedded?.listening;
const client = createServingClient({ host: TF_SERVING_HOST ?? embedded!.target });
try {
  for (const [name, entry] of setup.catalog) {
    const { version, images } = await verify(entry, client, setup);
    console.log(
      images === 0
        ? `${name} version ${version}: answers, but has no golden images`
        : `${name} version ${version}: ${images} golden images give the expected tensors and scores`,
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  client.close();
  await embedded?.stop();
}

async function verify(
  entry: CatalogEntry,
  servingClient: ServingClient,
  { config }: Setup,
): Promise<{ version: string; images: number }> {
  const isDefault = entry.spec.name === config.MODEL_NAME;
  const model = new ServedModel(entry, servingClient, {
    maxPixels: config.IMAGE_MAX_PIXELS,
    version: isDefault ? config.MODEL_VERSION : undefined,
    versionLabel: isDefault ? config.MODEL_VERSION_LABEL : undefined,
    verifyGolden: true,
    decoding: new Semaphore(availableParallelism()),
  });
  const deadline = new Date(Date.now() + TIMEOUT_MS);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (;;) {
    try {
      const version = await model.check({ deadline, signal, metadata: {} });
      return { version, images: model.goldenImages };
    } catch (error) {
      // An embedded server has just been started: its model may still be loading.
      if (!(error instanceof ModelNotReadyError) || signal.aborted) throw error;
      await sleep(RETRY_MS);
    }
  }
}
