import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { NestLogger, type Logger } from '#logging';
import { MetricsServer } from '#metrics';
import { Preprocessor } from '#preprocessing';
import { projectPath } from '#project';
import { startTracing, type Tracing } from '#tracing';
import { guardApi } from './auth/guard-api.js';
import type { GatewayConfig } from './config/gateway-config.js';
import type { Setup } from './config/read-setup.js';
import type { EmbeddedModelServer } from './embedded/embedded-model-server.js';
import { GatewayModule } from './gateway.module.js';
import { rememberRoutes } from './http/allowed-methods.js';
import { addBodyParsers } from './http/body-parsers.js';
import { boundBytes } from './http/bound-bytes.js';
import { Shutdown } from './http/shutdown.js';
import { ignoreExpectations } from './http/expectations.js';
import { createFastifyAdapter } from './http/fastify-adapter.js';
import { OverloadGate } from './http/overload-gate.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { refuseUnknownRoutes } from './http/unknown-routes.js';
import { GatewayMetrics } from './metrics/gateway-metrics.js';
import { ModelCatalog } from './models/model-catalog.js';
import { ModelMonitor } from './models/model-monitor.js';
import { tellInFlight } from './metrics/predictions-in-flight.js';
import { InFlight } from './prediction/in-flight.js';
import { RateLimit } from './rate-limit/rate-limit.js';
import { traceRequests } from './tracing/trace-requests.js';
import { serveDocs } from './web/docs.js';
import { serveFolder } from './web/static-files.js';

/**
 * Connections that may wait to be accepted, as many as Linux allows. Past Node's 511 their first packets
 * were dropped in a rush, and came again a second later: later than any refusal.
 */
const BACKLOG = 4096;

export interface Gateway {
  readonly app: NestFastifyApplication;
  /** Where it listens, as a browser on this machine would ask for it. */
  readonly url: string;
  /** Port of the metrics. */
  readonly metricsPort: number;
  /** Settles when the default model is ready for the first time. */
  readonly ready: Promise<void>;
}

/**
 * @param embedded the model server of a gateway without TF_SERVING_HOST; stopped after it
 * @throws Error of a port that is taken, or of an embedded server that did not start
 */
export async function startGateway(
  setup: Setup,
  logger: Logger,
  embedded?: EmbeddedModelServer,
): Promise<Gateway> {
  const { config } = setup;
  let metricsServer: MetricsServer | undefined;
  let tracing: Tracing | undefined;
  try {
    tracing = await startTracing(config, 'gateway', logger);
    await embedded?.listening;
    const metrics = new GatewayMetrics();
    const target = config.TF_SERVING_HOST ?? embedded!.target;
    const app = await createApp(setup, logger, target, metrics, tracing);
    metricsServer = await MetricsServer.start(metrics.registry, {
      port: config.METRICS_PORT,
      host: config.HOST,
      path: '/metrics',
      variable: 'METRICS_PORT',
    });
    // After the HTTP server has closed: no request that is still in work may lose its model, and
    // scrapes see the last one end.
    app.get(Shutdown).afterwards(async () => {
      // Both may have to wait for a receiver of traces that does not answer.
      await Promise.all([embedded?.stop(), tracing?.close()]);
      await metricsServer?.close();
    });
    await listen(app, config, logger);
    const { port } = app.getHttpServer().address() as { port: number };
    return {
      app,
      url: `http://localhost:${port}/`,
      metricsPort: metricsServer.port,
      ready: app.get(ModelMonitor).ready,
    };
  } catch (error) {
    await embedded?.stop();
    await metricsServer?.close();
    await tracing?.close();
    throw error;
  }
}

async function listen(
  app: NestFastifyApplication,
  { PORT, HOST }: GatewayConfig,
  logger: Logger,
): Promise<void> {
  // Fastify would tell a line for each address; we tell one, once predictions can be asked for.
  const { level } = logger;
  if (logger.isLevelEnabled('info')) logger.level = 'warn';
  await app.listen({ port: PORT, host: HOST, backlog: BACKLOG });
  logger.level = level;
}

async function createApp(
  setup: Setup,
  logger: Logger,
  servingTarget: string,
  metrics: GatewayMetrics,
  tracing: Tracing | undefined,
): Promise<NestFastifyApplication> {
  const { config } = setup;
  const inFlight = new InFlight(config.MAX_INFLIGHT, () => app.get(ModelCatalog).all().length);
  tellInFlight(metrics.registry, inFlight);
  const isDraining = (): boolean => app.get(Shutdown).isDraining;
  const gate = new OverloadGate(inFlight, metrics.http, logger, isDraining);
  const adapter = createFastifyAdapter(config, logger, metrics.http, gate);
  const fastify = adapter.getInstance<FastifyInstance>();
  rememberRoutes(fastify);
  ignoreExpectations(fastify.server);
  addSecurityHeaders(fastify);
  traceRequests(fastify, tracing);
  metrics.http.watch(fastify);
  refuseUnknownRoutes(fastify);
  const rateLimit = new RateLimit(config.RATE_LIMIT_PER_MINUTE, metrics.rateLimited);
  gate.watch(fastify);
  boundBytes(fastify, config);
  guardApi(fastify, config, rateLimit, logger);
  addBodyParsers(fastify, config);
  const app: NestFastifyApplication = await NestFactory.create(
    GatewayModule.register(setup, servingTarget, logger, metrics, rateLimit, inFlight, tracing),
    adapter,
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  app.get(Shutdown).watch(fastify);
  const preprocessor = app.get(Preprocessor);
  fastify.server.on('connection', () => {
    preprocessor.makeWay();
  });
  // KServe's v1 protocol asks there whether the server is alive.
  serveFolder(fastify, projectPath('apps', 'gateway', 'public'), '', undefined, {
    status: 'alive',
  });
  serveDocs(app, fastify);
  return app;
}
