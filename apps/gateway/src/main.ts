import { ConfigError, EXIT_CONFIG } from '#config';
import { startGateway } from './start-gateway.js';

try {
  const gateway = await startGateway(process.env);
  gateway.app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await gateway.ready;
  gateway.logger.info(`ready: open ${gateway.url}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
}
