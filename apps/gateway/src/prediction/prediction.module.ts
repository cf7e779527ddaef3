import { Module } from '@nestjs/common';
import { GatewayConfig } from '../config/gateway-config.js';
import { ImagesModule } from '../images/images.module.js';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { tellCache } from '../metrics/prediction-cache-metrics.js';
import { PredictController } from './predict.controller.js';
import { PredictionCache } from './prediction-cache.js';

@Module({
  imports: [ImagesModule],
  controllers: [PredictController],
  providers: [
    {
      provide: PredictionCache,
      inject: [GatewayConfig, GatewayMetrics],
      useFactory: ({ CACHE_MAX_ENTRIES }: GatewayConfig, { registry }: GatewayMetrics) => {
        if (CACHE_MAX_ENTRIES === 0) return undefined;
        const cache = new PredictionCache(CACHE_MAX_ENTRIES);
        tellCache(registry, cache);
        return cache;
      },
    },
  ],
  exports: [ImagesModule],
})
export class PredictionModule {}
