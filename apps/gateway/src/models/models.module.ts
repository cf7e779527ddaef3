import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '#logging';
import { ServingClient, ServingClientModule } from '#serving-client';
import { GatewayConfig } from '../config/gateway-config.js';
import { LOGGER } from '../http/logger.token.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { tellModelStates } from '../metrics/model-states.js';
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
    metrics: GatewayMetrics,
  ): DynamicModule {
    return {
      module: ModelsModule,
      imports: [
        ServingClientModule.forRootAsync({
          useFactory: () => ({ host: servingTarget }),
          observer: metrics.models,
        }),
      ],
      providers: [
        {
          provide: ModelCatalog,
          inject: [ServingClient, GatewayConfig],
          useFactory: (client: ServingClient, config: GatewayConfig) =>
            createCatalog(entries, client, config, (model) => metrics.models.timesOf(model)),
        },
        {
          provide: ModelMonitor,
          inject: [ModelCatalog, LOGGER],
          useFactory: (catalog: ModelCatalog, logger: Logger) => {
            const monitor = new ModelMonitor(catalog, logger);
            tellModelStates(metrics.registry, catalog, monitor);
            return monitor;
          },
        },
      ],
      exports: [ModelCatalog, ModelMonitor],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.monitor.stop();
  }
}
