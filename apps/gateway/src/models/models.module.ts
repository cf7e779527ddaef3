import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '#logging';
import { ServingClient, ServingClientModule } from '#serving-client';
import { GatewayConfig } from '../config/gateway-config.js';
import { LOGGER } from '../http/logger.token.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { tellModelStates } from '../metrics/model-states.js';
import type { CatalogModel } from './catalog-model.js';
import { CatalogUpdater } from './catalog-updater.js';
import type { CatalogEntry } from './load-catalog.js';
import { ModelCatalog } from './model-catalog.js';
import { modelFactory } from './model-factory.js';
import { ModelMonitor } from './model-monitor.js';

/** Makes a model of a spec. */
const MODEL_FACTORY = Symbol('model factory');
type ModelFactory = (entry: CatalogEntry) => CatalogModel;

@Module({})
export class ModelsModule implements OnApplicationShutdown {
  constructor(
    private readonly monitor: ModelMonitor,
    private readonly updater: CatalogUpdater,
  ) {}

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
          provide: MODEL_FACTORY,
          inject: [ServingClient, GatewayConfig],
          useFactory: (client: ServingClient, config: GatewayConfig): ModelFactory =>
            modelFactory(client, config, (model) => metrics.models.observerOf(model)),
        },
        {
          provide: ModelCatalog,
          inject: [MODEL_FACTORY, GatewayConfig],
          useFactory: (create: ModelFactory, { MODEL_NAME }: GatewayConfig) =>
            new ModelCatalog([...entries.values()].map(create), MODEL_NAME),
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
        {
          provide: CatalogUpdater,
          inject: [ModelCatalog, ModelMonitor, MODEL_FACTORY, GatewayConfig, LOGGER],
          useFactory: (
            catalog: ModelCatalog,
            monitor: ModelMonitor,
            create: ModelFactory,
            { MODEL_CATALOG: folder }: GatewayConfig,
            logger: Logger,
          ) =>
            new CatalogUpdater(catalog, monitor, logger, {
              folder,
              create,
              forget: (model) => {
                metrics.models.forget(model);
              },
            }),
        },
      ],
      exports: [ModelCatalog, ModelMonitor],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.updater.stop();
    await this.monitor.stop();
  }
}
