import { ConfigError, loadConfig, type Environment } from '#config';
import { loadCatalog, type CatalogEntry } from '#model-spec';
import { trafficFaultOf } from '../models/traffic-fault.js';
import { GatewayConfig } from './gateway-config.js';

export interface Setup {
  readonly config: GatewayConfig;
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
}

/**
 * Everything that is fixed for the life of the process: the environment and the model specs.
 *
 * @throws ConfigError with the faults of both at once
 */
export async function readSetup(environment: Environment): Promise<Setup> {
  const faults: string[] = [];
  const config = await collect(faults, () => loadConfig(GatewayConfig, environment));
  const folder = config?.MODEL_CATALOG ?? (environment['MODEL_CATALOG'] || undefined);
  const catalog = await collect(faults, () =>
    loadCatalog(folder ?? new GatewayConfig().MODEL_CATALOG),
  );
  if (config !== undefined && catalog !== undefined && !catalog.has(config.MODEL_NAME)) {
    const names = [...catalog.keys()].join(', ');
    faults.push(`MODEL_NAME: expected one of ${names} but received "${config.MODEL_NAME}"`);
  }
  const spec = config && catalog?.get(config.MODEL_NAME)?.spec;
  const fault = spec && trafficFaultOf(config, spec);
  if (fault !== undefined) faults.push(`MODEL_NAME: ${config!.MODEL_NAME}'s ${fault}`);
  if (config?.MODEL_VERSION !== undefined && config.MODEL_VERSION_LABEL !== undefined) {
    faults.push('MODEL_VERSION: expected either it or MODEL_VERSION_LABEL but received both');
  }
  if (config !== undefined && config.METRICS_PORT !== 0 && config.METRICS_PORT === config.PORT) {
    faults.push(`METRICS_PORT: expected another port than PORT but received ${config.PORT}`);
  }
  if (config === undefined || catalog === undefined || faults.length > 0) {
    throw new ConfigError(faults);
  }
  return { config, catalog };
}

async function collect<T>(faults: string[], read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}
