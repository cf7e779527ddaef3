import { availableParallelism } from 'node:os';
import type { ServingClient } from '#serving-client';
import type { GatewayConfig } from '../config/gateway-config.js';
import { CatalogModel } from './catalog-model.js';
import type { CatalogEntry } from './load-catalog.js';
import { ModelCatalog } from './model-catalog.js';
import { Semaphore } from './semaphore.js';
import { UNTIMED, type StageTimes } from './stage-times.js';

/** Every spec as a served model; the version or label of the configuration is the default one's. */
export function createCatalog(
  entries: ReadonlyMap<string, CatalogEntry>,
  client: ServingClient,
  config: GatewayConfig,
  timesOf: (model: string) => StageTimes = () => UNTIMED,
): ModelCatalog {
  const decoding = new Semaphore(availableParallelism());
  const models = new Map<string, CatalogModel>();
  for (const [name, entry] of entries) {
    const isDefault = name === config.MODEL_NAME;
    models.set(
      name,
      new CatalogModel(entry, client, {
        maxPixels: config.IMAGE_MAX_PIXELS,
        version: isDefault ? config.MODEL_VERSION : undefined,
        versionLabel: isDefault ? config.MODEL_VERSION_LABEL : undefined,
        verifyGolden: config.VERIFY_ON_START,
        decoding,
        times: timesOf(name),
      }),
    );
  }
  return new ModelCatalog(models, models.get(config.MODEL_NAME)!);
}
