import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '#logging';
import { ServingClient, ServingClientModule } from '#serving-client';
import { GatewayConfig } from '../config/gateway-config.js';
import { LOGGER } from '../http/logger.token.js';
import { createCatalog } from './create-catalog.js';
import type { CatalogEntry } from './load-catalog.js';
import { ModelCatalog } from './model-catalog.js';
import { ModelMonitor } from './model-monitor.js';

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
