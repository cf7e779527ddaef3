import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '#logging';
import { Preprocessor } from '#preprocessing';
import { availableCpus } from '#project';
import { createServingClient } from '#serving-client';
import { readSetup } from './config/read-setup.js';
import { EmbeddedModelServer } from './embedded/embedded-model-server.js';
import { ModelNotReadyError } from './errors/errors.js';
import type { CatalogModel } from './models/catalog-model.js';
import { modelFactory } from './models/model-factory.js';

const TIMEOUT_MS = 120_000;
const RETRY_MS = 200;

/**
 * `npm run verify-model`: holds each model's golden images against the preprocessing and the model
 * that serves, the embedded one or TF_SERVING_HOST. Ends with 1 at the first difference.
 */
async function main(): Promise<void> {
  const { config, catalog } = await readSetup({ ...process.env, VERIFY_ON_START: 'true' });
  const logger = await createLogger({ name: 'verify-model', level: 'warn', format: 'pretty' });
  const embedded =
    config.TF_SERVING_HOST === undefined
      ? new EmbeddedModelServer(config.GRPC_PORT, { ...process.env, LOG_LEVEL: 'warn' }, logger)
      : undefined;
  await embedded?.listening;
  const client = createServingClient({ host: config.TF_SERVING_HOST ?? embedded!.target });
  const preprocessor = new Preprocessor(availableCpus());
  try {
    for (const model of [...catalog.values()].map(modelFactory(client, config, preprocessor))) {
      const { name } = model.spec;
      const version = await verify(model);
      console.log(
        model.goldenImages === 0
          ? `${name} version ${version}: answers, but has no golden images`
          : `${name} version ${version}: ${model.goldenImages} golden images give the expected tensors and scores`,
      );
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    client.close();
    await preprocessor.close();
    await embedded?.stop();
  }
}

/** @returns the version that gives what the golden images expect */
async function verify(model: CatalogModel): Promise<string> {
  const deadline = new Date(Date.now() + TIMEOUT_MS);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (;;) {
    try {
      const { versions, failures } = await model.check({ deadline, signal, metadata: {} });
      for (const failure of failures.values()) throw failure;
      return versions.join(', ');
    } catch (error) {
      // An embedded server has just been started: its model may still be loading.
      if (!(error instanceof ModelNotReadyError) || signal.aborted) throw error;
      await sleep(RETRY_MS);
    }
  }
}

void main();
