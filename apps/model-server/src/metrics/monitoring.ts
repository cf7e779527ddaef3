import type { ModelServerConfig } from '../config/model-server.config.js';
import type { ServingMetrics } from './serving-metrics.js';

/** Where TensorFlow Serving's --monitoring_config_file has it by default. */
const PATH = '/monitoring/prometheus/metrics';

export interface Monitoring {
  readonly metrics: ServingMetrics;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * What is counted, and where it is told; nothing of it is loaded where no port is set.
 *
 * @param isModel whether there is a model of a name
 * @throws Error of a port that is taken
 */
export async function startMonitoring(
  { MONITORING_PORT: port, HOST: host }: ModelServerConfig,
  isModel: (name: string) => boolean,
): Promise<Monitoring | undefined> {
  if (port === undefined) return undefined;
  const { ServingMetrics } = await import('./serving-metrics.js');
  const { MetricsServer } = await import('#metrics');
  const metrics = new ServingMetrics(isModel);
  const variable = 'MONITORING_PORT';
  const server = await MetricsServer.start(metrics.registry, { port, host, path: PATH, variable });
  return { metrics, port: server.port, close: () => server.close() };
}
