import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig, type Environment } from '#config';
import { createLogger } from '#logging';
import { readSetup } from '../../apps/gateway/src/config/read-setup.js';
import { startGateway } from '../../apps/gateway/src/start-gateway.js';
import { ModelServerConfig } from '../../apps/model-server/src/config/model-server.config.js';
import { startModelServer, type ModelServer } from '../../apps/model-server/src/start.js';

export interface Stack {
  /** Where the gateway listens. */
  readonly url: string;
  /** Where its metrics are asked for. */
  readonly metricsUrl: string;
  /** The gateway itself. */
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

const QUIET: Environment = { HOST: '127.0.0.1', LOG_LEVEL: 'silent', LOG_FORMAT: 'json' };

/** The real gateway over the real model server, both in this process, on free ports, and ready. */
export async function startStack(environment: Environment = {}): Promise<Stack> {
  const modelServer = await startTestModelServer(environment);
  const gateway = await startTestGateway(modelServer.port, environment);
  await gateway.ready;
  return {
    url: gateway.url,
    metricsUrl: gateway.metricsUrl,
    app: gateway.app,
    close: async () => {
      await gateway.close();
      await modelServer.close();
    },
  };
}

export function startTestModelServer(environment: Environment = {}): Promise<ModelServer> {
  return startModelServer(
    loadConfig(ModelServerConfig, { ...QUIET, GRPC_PORT: '0', ...environment }),
  );
}

/** A gateway that may never become ready: nobody waits for it here. */
export async function startTestGateway(
  grpcPort: number,
  environment: Environment = {},
): Promise<Stack & { readonly ready: Promise<void> }> {
  const setup = await readSetup({
    ...QUIET,
    PORT: '0',
    METRICS_PORT: '0',
    TF_SERVING_HOST: `127.0.0.1:${grpcPort}`,
    ...environment,
  });
  const logger = await createLogger({ name: 'gateway', level: 'silent', format: 'json' });
  const gateway = await startGateway(setup, logger);
  return {
    url: gateway.url,
    metricsUrl: `http://localhost:${gateway.metricsPort}/metrics`,
    app: gateway.app,
    ready: gateway.ready,
    close: () => gateway.app.close(),
  };
}
