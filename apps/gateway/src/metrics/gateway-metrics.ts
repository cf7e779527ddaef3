import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { Histogram, type Observations } from '#metrics';
import { projectVersion } from '#project';
import { BYTES } from './buckets.js';
import { HttpMetrics } from './http-metrics.js';
import { ModelMetrics } from './model-metrics.js';

/** Everything that one gateway counts. It has a registry of its own, not the process's. */
export class GatewayMetrics {
  readonly registry = new Registry();
  readonly http: HttpMetrics;
  readonly models: ModelMetrics;
  /** Encoded size of each image, however it came. */
  readonly imageBytes: Observations;
  readonly rateLimited: Counter;
  readonly decoderCrashes: Counter<'signal'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.http = new HttpMetrics(this.registry);
    this.models = new ModelMetrics(this.registry);
    this.imageBytes = new Histogram({
      name: 'gateway_image_bytes',
      help: 'Encoded size of the images that were received or fetched.',
      buckets: BYTES,
      registry: this.registry,
    }).labels();
    this.rateLimited = new Counter({
      name: 'gateway_rate_limited_total',
      help: 'Requests refused as RATE_LIMITED because their client had asked too often.',
      registers,
    });
    this.decoderCrashes = new Counter({
      name: 'gateway_decoder_crashes_total',
      help: 'Pictures that ended the process which decoded them, by its signal; each was refused as IMAGE_UNDECODABLE.',
      labelNames: ['signal'],
      registers,
    });
    new Gauge({
      name: 'gateway_build_info',
      help: '1 for the version that runs.',
      labelNames: ['version'],
      registers,
    }).set({ version: projectVersion }, 1);
  }
}
