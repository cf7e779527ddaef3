import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ImageFetcher } from '#image-fetch';
import type { Tracing } from '#tracing';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { TracedImageFetcher } from '../tracing/traced-image-fetcher.js';
import { TRACING } from '../tracing/tracing.token.js';
import { ImageReader } from './image-reader.js';

@Module({
  providers: [
    {
      provide: ImageFetcher,
      inject: [GatewayConfig, TRACING],
      useFactory: (config: GatewayConfig, tracing: Tracing | undefined) => {
        const settings = {
          timeoutMs: config.IMAGE_FETCH_TIMEOUT_MS,
          maxRedirects: config.IMAGE_FETCH_MAX_REDIRECTS,
          maxBytes: config.IMAGE_MAX_BYTES,
          // The other places stay for images that come another way, or from origins that answer.
          maxSlow: Math.ceil(config.MAX_INFLIGHT / 2),
          allow: config.IMAGE_FETCH_ALLOW,
        };
        return tracing === undefined
          ? new ImageFetcher(settings)
          : new TracedImageFetcher(settings, tracing);
      },
    },
    {
      provide: ImageReader,
      inject: [ImageFetcher, GatewayConfig, GatewayMetrics],
      useFactory: (fetcher: ImageFetcher, config: GatewayConfig, metrics: GatewayMetrics) =>
        new ImageReader(fetcher, config, metrics),
    },
  ],
  exports: [ImageReader],
})
export class ImagesModule implements OnApplicationShutdown {
  constructor(private readonly fetcher: ImageFetcher) {}

  async onApplicationShutdown(): Promise<void> {
    await this.fetcher.close();
  }
}
