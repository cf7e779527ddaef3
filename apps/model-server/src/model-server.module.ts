import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '#logging';
import { HealthController } from './health/health.controller.js';
import { HealthService } from './health/health.service.js';
import { ModelCatalogue, type CatalogueOptions } from './models/model-catalogue.js';
import { PredictWatch } from './prediction/predict-watch.js';
import { PredictionController } from './prediction/prediction.controller.js';
import { StatusController } from './status/status.controller.js';

@Module({})
export class ModelServerModule {
  static register(options: CatalogueOptions, logger: Logger, watch: PredictWatch): DynamicModule {
    return {
      module: ModelServerModule,
      controllers: [PredictionController, StatusController, HealthController],
      providers: [
        { provide: ModelCatalogue, useFactory: () => new ModelCatalogue(options, logger) },
        { provide: PredictWatch, useValue: watch },
        {
          provide: HealthService,
          useFactory: (catalogue: ModelCatalogue) => new HealthService(catalogue),
          inject: [ModelCatalogue],
        },
      ],
    };
  }
}
