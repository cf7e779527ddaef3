import { availableParallelism } from 'node:os';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '#logging';
import { ServingClient, ServingClientModule } from '#serving-client';
import { GatewayConfig } from '../config/gateway-config.js';
import { LOGGER } from '../http/logger.token.js';
import type { CatalogEntry } from './load-catalog.js';
import { ModelCatalog } from './model-catalog.js';
import { ModelMonitor } from './model-monitor.js';
import { Semaphore } from './semaphore.js';
import { ServedModel } from './served-model.js';

@Module({})
export class ModelsModule implements OnApplicationShutdown {
  constructor(private readonly monitor: ModelMonitor) {}

  static register(
    entries: ReadonlyMap<string, CatalogEntry>,
    servingTarget: string,
  ): DynamicModule {
    return {
      module: ModelsModule,
      imports: [ServingClientModule.forRootAsync({ useFactory: () => ({ host: servingTarget }) })],
      providers: [
        {
          provide: ModelCatalog,
          inject: [ServingClient, GatewayConfig],
          useFactory: (client: ServingClient, config: GatewayConfig) =>
            createCatalog(entries, client, config),
        },
        {
          provide: ModelMonitor,
          inject: [ModelCatalog, LOGGER],
          useFactory: (catalog: ModelCatalog, logger: Logger) => new ModelMonitor(catalog, logger),
        },
      ],
      exports: [ModelCatalog, ModelMonitor],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.monitor.stop();
  }
}

function createCatalog(
  entries: ReadonlyMap<string, CatalogEntry>,
  client: ServingClient,
  config: GatewayConfig,
): ModelCatalog {
  const decoding = new Semaphore(availableParallelism());
  const models = new Map<string, ServedModel>();
  for (const [name, entry] of entries) {
    const isDefault = name === config.MODEL_NAME;
    models.set(
      name,
      new ServedModel(entry, client, {
        maxPixels: config.IMAGE_MAX_PIXELS,
        version: isDefault ? config.MODEL_VERSION : undefined,
        versionLabel: isDefault ? config.MODEL_VERSION_LABEL : undefined,
        verifyGolden: config.VERIFY_ON_START,
        decoding,
      }),
    );
  }
  return new ModelCatalog(models, models.get(config.MODEL_NAME)!);
}
