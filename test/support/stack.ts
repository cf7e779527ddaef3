import { ModelServerConfig } from '../../apps/model-server/src/config/model-server.config.js';
import { startModelServer } from '../../apps/model-server/src/start.js';
import { startGateway } from '../../apps/gateway/src/start-gateway.js';
import { loadConfig, type Environment } from '#config';

export interface Stack {
  /** Where the gateway listens. */
  readonly url: string;
  close(): Promise<void>;
}

const QUIET: Environment = { HOST: '127.0.0.1', LOG_LEVEL: 'silent', LOG_FORMAT: 'json' };

/** The real gateway over the real model server, both in this process, on free ports, and ready. */
export async function startStack(environment: Environment = {}): Promise<Stack> {
  const modelServer = await startModelServer(
    loadConfig(ModelServerConfig, { ...QUIET, GRPC_PORT: '0', ...environment }),
  );
  const gateway = await startGateway({
    ...QUIET,
    PORT: '0',
    TF_SERVING_HOST: `127.0.0.1:${modelServer.port}`,
    ...environment,
  });
  await gateway.ready;
  return {
    url: gateway.url,
    close: async () => {
      await gateway.app.close();
      await modelServer.close();
    },
  };
}
