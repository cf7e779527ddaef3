import { ConfigError, EXIT_CONFIG } from '#config';
import { createLogger } from '#logging';
import { readSetup } from './config/read-setup.js';
import { EmbeddedModelServer } from './embedded/embedded-model-server.js';
import { leanBind } from './lean-bind.js';
import { collectStart } from './collect-start.js';
import { optimizeEarly } from './optimize-early.js';

async function main(): Promise<void> {
  leanBind();
  try {
    const setup = await readSetup(process.env);
    const { LOG_LEVEL, LOG_FORMAT, TF_SERVING_HOST, GRPC_PORT } = setup.config;
    const logger = await createLogger({ name: 'gateway', level: LOG_LEVEL, format: LOG_FORMAT });
    const embedded =
      TF_SERVING_HOST === undefined
        ? new EmbeddedModelServer(GRPC_PORT, process.env, logger)
        : undefined;
    // Loaded only now, so that the model server starts beside it: Nest takes most of a cold start.
    const { startGateway } = await import('./start-gateway.js');
    const gateway = await startGateway(setup, logger, embedded);
    gateway.app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
    await gateway.ready;
    logger.info(`ready: open ${gateway.url}`);
    collectStart();
    optimizeEarly();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }
}

void main();
