import type { Logger } from '#logging';
import type { TracingConfig } from './config.js';
import type { Tracing } from './tracing.js';

/**
 * Tracing as the environment wants it: undefined, and nothing of OpenTelemetry loaded, where that
 * names no receiver.
 */
export async function startTracing(
  config: TracingConfig,
  appName: string,
  logger: Logger,
): Promise<Tracing | undefined> {
  const endpoint = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const isOff = config.OTEL_SDK_DISABLED || config.OTEL_TRACES_EXPORTER === 'none';
  if (endpoint === undefined || isOff) return undefined;
  const { startOpenTelemetry } = await import('./open-telemetry.js');
  return startOpenTelemetry(config, appName, logger);
}
