import type { CatalogEntry } from '#model-spec';
import type { Preprocessor } from '#preprocessing';
import type { ServingClient } from '#serving-client';
import type { GatewayConfig } from '../config/gateway-config.js';
import { CatalogModel } from './catalog-model.js';
import { UNOBSERVED, type ModelObserver } from './model-observer.js';
import { trafficFaultOf } from './traffic-fault.js';

/** Makes models of specs; the version or label of the configuration is the default one's. A spec that contradicts it is refused with an Error. */
export function modelFactory(
  client: ServingClient,
  config: GatewayConfig,
  preprocessor: Preprocessor,
  observerOf: (model: string) => ModelObserver = () => UNOBSERVED,
): (entry: CatalogEntry) => CatalogModel {
  return (entry) => {
    const fault = trafficFaultOf(config, entry.spec);
    if (fault !== undefined) throw new Error(fault);
    const isDefault = entry.spec.name === config.MODEL_NAME;
    return new CatalogModel(entry, client, {
      maxPixels: config.IMAGE_MAX_PIXELS,
      version: isDefault ? config.MODEL_VERSION : undefined,
      versionLabel: isDefault ? config.MODEL_VERSION_LABEL : undefined,
      verifyGolden: config.VERIFY_ON_START,
      preprocessor,
      observer: observerOf(entry.spec.name),
    });
  };
}
