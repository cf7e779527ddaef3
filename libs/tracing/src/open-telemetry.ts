import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace-base';
import type { Logger } from '#logging';
import { projectVersion } from '#project';
import type { TracingConfig } from './config.js';
import { createExporter } from './exporter.js';
import { OpenTelemetryTracing } from './open-telemetry-tracing.js';
import { OutageLog } from './outage-log.js';
import type { Tracing } from './tracing.js';

/** Loads OpenTelemetry's SDK and the exporter, and starts both. */
export async function startOpenTelemetry(
  config: TracingConfig,
  appName: string,
  logger: Logger,
): Promise<Tracing> {
  diag.setLogger(onceEach(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = new OutageLog(await createExporter(config), logger);
  const provider = new BasicTracerProvider({
    resource: resourceOf(config, appName),
    sampler: samplerOf(config),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  return new OpenTelemetryTracing(provider, appName);
}

/** OTEL_SERVICE_NAME goes before OTEL_RESOURCE_ATTRIBUTES, and that before the app's own name. */
function resourceOf({ OTEL_SERVICE_NAME: name }: TracingConfig, appName: string) {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': appName, 'service.version': projectVersion }))
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(name === undefined ? {} : { 'service.name': name }));
}

function samplerOf({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: TracingConfig): Sampler {
  const [, parentBased, kind] = /^(parentbased_)?(.*)$/.exec(OTEL_TRACES_SAMPLER)!;
  const root =
    kind === 'always_on'
      ? new AlwaysOnSampler()
      : kind === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG);
  return parentBased === undefined ? root : new ParentBasedSampler({ root });
}

/** What the SDK itself finds amiss, each once: it would say the same with every batch. */
function onceEach(logger: Logger): DiagLogger {
  const told = new Set<string>();
  const tell = (message: string): void => {
    if (told.has(message) || told.size >= 100) return;
    told.add(message);
    logger.warn(`OpenTelemetry: ${message}`);
  };
  const ignore = (): void => undefined;
  return { error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore };
}
