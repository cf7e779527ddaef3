import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { TracingConfig } from './config.js';

/** Only the exporter that is used is loaded. */
export async function createExporter(config: TracingConfig): Promise<SpanExporter> {
  const { OTEL_EXPORTER_OTLP_HEADERS: headers } = config;
  const url = config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = config.OTEL_EXPORTER_OTLP_ENDPOINT ?? '';
  const protocol = config.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? config.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === 'grpc') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
    const { Metadata } = await import('@grpc/grpc-js');
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    return new OTLPTraceExporter({ url: url ?? base, metadata });
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url: url ?? `${base.replace(/\/$/, '')}/v1/traces`, headers });
}
