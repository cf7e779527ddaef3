import { availableParallelism } from 'node:os';
import type { ServingClient } from '#serving-client';
import type { GatewayConfig } from '../config/gateway-config.js';
import { CatalogModel } from './catalog-model.js';
import type { CatalogEntry } from './load-catalog.js';
import { Semaphore } from './semaphore.js';
import { UNTIMED, type StageTimes } from './stage-times.js';

/** Makes models of specs; the version or label of the configuration is the default one's. */
export function modelFactory(
  client: ServingClient,
  config: GatewayConfig,
  timesOf: (model: string) => StageTimes = () => UNTIMED,
): (entry: CatalogEntry) => CatalogModel {
  const decoding = new Semaphore(availableParallelism());
  return (entry) => {
    const isDefault = entry.spec.name === config.MODEL_NAME;
    return new CatalogModel(entry, client, {
      maxPixels: config.IMAGE_MAX_PIXELS,
      version: isDefault ? config.MODEL_VERSION : undefined,
      versionLabel: isDefault ? config.MODEL_VERSION_LABEL : undefined,
      verifyGolden: config.VERIFY_ON_START,
      decoding,
      times: timesOf(entry.spec.name),
    });
  };
}
