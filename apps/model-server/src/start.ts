import { availableCpus } from '#project';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { createLogger, NestLogger } from '#logging';
import { startTracing } from '#tracing';
import type { ModelServerConfig } from './config/model-server.config.js';
import { GrpcExceptionFilter } from './errors/grpc-exception.filter.js';
import { GrpcServer } from './grpc/grpc-server.js';
import { HealthService } from './health/health.service.js';
import { startMonitoring } from './metrics/monitoring.js';
import { ModelServerModule } from './model-server.module.js';
import { ModelCatalogue } from './models/model-catalogue.js';
import { PredictWatch } from './prediction/predict-watch.js';
import type { RunReport } from './models/loaded-version.js';

/** Batches that may wait for one model; past them requests are refused. */
const MAX_QUEUED_BATCHES = 32;

export interface ModelServer {
  /** Where it listens. */
  readonly port: number;
  /** Where Prometheus asks; undefined where nowhere. */
  readonly monitoringPort: number | undefined;
  /** Drains: NOT_SERVING, no new calls, those in flight answered, models released. */
  close(): Promise<void>;
}

export interface ModelServerHooks {
  /** Called for each run of a model, with what was joined into it. */
  onRun?: (report: RunReport) => void;
}

/**
 * Starts the server; it listens when this resolves, and loads its models then.
 * @throws Error where it cannot listen
 */
export async function startModelServer(
  config: ModelServerConfig,
  hooks: ModelServerHooks = {},
): Promise<ModelServer> {
  const logger = await createLogger({
    name: 'model-server',
    level: config.LOG_LEVEL,
    format: config.LOG_FORMAT,
  });
  const tracing = await startTracing(config, 'model-server', logger);
  const monitoring = await startMonitoring(config, (name) => catalogue.get(name) !== undefined);
  const server = new GrpcServer({
    host: config.HOST,
    port: config.GRPC_PORT,
    maxConnectionAgeMs: config.MAX_CONNECTION_AGE_MS,
  });
  const module = ModelServerModule.register(
    {
      basePath: config.MODEL_BASE_PATH,
      labelsFile: config.VERSION_LABELS_FILE,
      pollMs: config.POLL_SECONDS * 1000,
      threads: availableCpus(),
      maxBatchSize: config.MAX_BATCH_SIZE,
      batchTimeoutMs: config.BATCH_TIMEOUT_MICROS / 1000,
      maxQueuedRows: MAX_QUEUED_BATCHES * config.MAX_BATCH_SIZE,
      ...hooks,
    },
    logger,
    new PredictWatch(monitoring?.metrics, tracing),
  );
  const options: Parameters<typeof NestFactory.createMicroservice<MicroserviceOptions>>[1] = {
    strategy: server,
    logger: new NestLogger(logger),
    abortOnError: false,
  };
  const app = await NestFactory.createMicroservice(module, options);
  app.useGlobalFilters(new GrpcExceptionFilter(logger));
  try {
    await app.listen();
  } catch (error) {
    await monitoring?.close();
    await tracing?.close();
    throw error;
  }
  const catalogue = app.get(ModelCatalogue);
  const health = app.get(HealthService);
  catalogue.start();
  logger.info({ host: config.HOST, port: server.port }, 'listening');

  let closing: Promise<void> | undefined;
  const close = async () => {
    logger.info('draining');
    health.drain();
    await sleep(config.SHUTDOWN_DELAY_MS);
    health.end();
    await app.close();
    await catalogue.close();
    await monitoring?.close();
    await tracing?.close();
    logger.info('closed');
  };
  return {
    port: server.port,
    monitoringPort: monitoring?.port,
    close: () => (closing ??= close()),
  };
}
