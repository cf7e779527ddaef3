import type { Environment } from '#config';
import { start, urlOf } from '../../support/gateway-process.js';
import { freePort, own, stop } from './children.js';
import { metricsOf, type Metrics } from './metrics.js';

export interface Gateway {
  readonly url: string;
  readonly pid: number;
  metrics(): Promise<Metrics>;
  stop(): Promise<void>;
}

/** The built gateway as a process of its own, with the settings that it ships with, once it is ready. */
export async function startGateway(
  servingTarget: string,
  environment: Environment = {},
): Promise<Gateway> {
  const metricsPort = await freePort();
  const run = start({
    HOST: '127.0.0.1',
    METRICS_PORT: String(metricsPort),
    TF_SERVING_HOST: servingTarget,
    IMAGE_FETCH_ALLOW: '127.0.0.1/32',
    SHUTDOWN_DELAY_MS: '0',
    ...environment,
  });
  own(run.process);
  const url = (await urlOf(run)).replace('localhost', '127.0.0.1');
  return {
    url,
    pid: run.process.pid!,
    metrics: () => metricsOf(`http://127.0.0.1:${metricsPort}/metrics`),
    stop: () => stop(run.process),
  };
}
