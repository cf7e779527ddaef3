import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, registerAs } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import type { Logger } from '#logging';
import type { Tracing } from '#tracing';
import { BatchModule } from './batch/batch.module.js';
import { GatewayConfig } from './config/gateway-config.js';
import type { Setup } from './config/read-setup.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { HealthModule } from './health/health.module.js';
import { Shutdown } from './http/shutdown.js';
import { LOGGER } from './http/logger.token.js';
import { GatewayMetrics } from './metrics/gateway-metrics.js';
import { ModelsModule } from './models/models.module.js';
import { OpenInferenceModule } from './open-inference/open-inference.module.js';
import { InFlight } from './prediction/in-flight.js';
import { PredictionModule } from './prediction/prediction.module.js';
import { RateLimit } from './rate-limit/rate-limit.js';
import { TfServingRestModule } from './tf-serving-rest/tf-serving-rest.module.js';
import { TRACING } from './tracing/tracing.token.js';
import { WebModule } from './web/web.module.js';

@Global()
@Module({})
export class GatewayModule {
  static register(
    { config, catalog }: Setup,
    servingTarget: string,
    logger: Logger,
    metrics: GatewayMetrics,
    rateLimit: RateLimit,
    inFlight: InFlight,
    tracing: Tracing | undefined,
  ): DynamicModule {
    const gatewayConfig = registerAs('gateway', () => config);
    const models = ModelsModule.register(catalog, servingTarget, metrics, tracing);
    return {
      module: GatewayModule,
      imports: [
        ConfigModule.forRoot({ ignoreEnvFile: true, load: [gatewayConfig] }),
        models,
        PredictionModule,
        BatchModule,
        TfServingRestModule,
        OpenInferenceModule,
        HealthModule.register(config.SHUTDOWN_DELAY_MS),
        WebModule.register(catalog.get(config.MODEL_NAME)!.folder),
      ],
      providers: [
        { provide: GatewayConfig, useExisting: gatewayConfig.KEY },
        { provide: GatewayMetrics, useValue: metrics },
        { provide: LOGGER, useValue: logger },
        { provide: RateLimit, useValue: rateLimit },
        { provide: InFlight, useValue: inFlight },
        { provide: TRACING, useFactory: () => tracing },
        {
          provide: APP_FILTER,
          inject: [GatewayConfig],
          useFactory: (settings: GatewayConfig) => new ProblemFilter(settings),
        },
        {
          provide: Shutdown,
          useFactory: () => new Shutdown(logger),
        },
      ],
      exports: [GatewayConfig, GatewayMetrics, LOGGER, RateLimit, InFlight, TRACING, models],
    };
  }
}
