import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '#logging';
import type { CatalogEntry } from '#model-spec';
import { Preprocessor } from '#preprocessing';
import { availableCpus } from '#project';
import { ServingClient, ServingClientModule } from '#serving-client';
import type { Tracing } from '#tracing';
import { GatewayConfig } from '../config/gateway-config.js';
import { LOGGER } from '../http/logger.token.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { tellModelStates } from '../metrics/model-states.js';
import { TracedCalls, traceStages } from '../tracing/trace-model.js';
import type { CatalogModel } from './catalog-model.js';
import { CatalogUpdater } from './catalog-updater.js';
import { ModelCatalog } from './model-catalog.js';
import { modelFactory } from './model-factory.js';
import { ModelMonitor } from './model-monitor.js';
import type { ModelObserver } from './model-observer.js';

/** Makes a model of a spec. */
const MODEL_FACTORY = Symbol('model factory');
type ModelFactory = (entry: CatalogEntry) => CatalogModel;

@Module({})
export class ModelsModule implements OnApplicationShutdown {
  constructor(
    private readonly monitor: ModelMonitor,
    private readonly updater: CatalogUpdater,
    private readonly preprocessor: Preprocessor,
  ) {}

  static register(
    entries: ReadonlyMap<string, CatalogEntry>,
    servingTarget: string,
    metrics: GatewayMetrics,
    tracing: Tracing | undefined,
  ): DynamicModule {
    const observerOf = (model: string): ModelObserver => {
      const observer = metrics.models.observerOf(model);
      if (tracing === undefined) return observer;
      return { ...observer, times: traceStages(observer.times, tracing) };
    };
    return {
      module: ModelsModule,
      imports: [
        ServingClientModule.forRootAsync({
          useFactory: () => ({ host: servingTarget }),
          observer:
            tracing === undefined ? metrics.models : new TracedCalls(metrics.models, tracing),
        }),
      ],
      providers: [
        {
          provide: Preprocessor,
          inject: [LOGGER],
          useFactory: (logger: Logger) =>
            new Preprocessor(availableCpus(), (signal) => {
              metrics.decoderCrashes.inc({ signal });
              logger.error({ signal }, 'a picture has ended the process that decoded it');
            }),
        },
        {
          provide: MODEL_FACTORY,
          inject: [ServingClient, GatewayConfig, Preprocessor],
          useFactory: (
            client: ServingClient,
            config: GatewayConfig,
            preprocessor: Preprocessor,
          ): ModelFactory => modelFactory(client, config, preprocessor, observerOf),
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
    await this.preprocessor.close();
  }
}
