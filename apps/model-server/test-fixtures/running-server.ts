import { setTimeout as sleep } from 'node:timers/promises';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { jest } from '@jest/globals';
import { ModelServerConfig } from '../src/config/model-server.config.js';
import type { RunReport } from '../src/models/loaded-version.js';
import { startModelServer, type ModelServer } from '../src/start.js';
import { ModelFolder } from './model-folder.js';
import { ServingClient } from './serving-client.js';

jest.setTimeout(60_000);
// A port that is taken is told by the library too.
setLogVerbosity(logVerbosity.NONE);

/** The server in process on a free port, a client of it, and what it was observed to run. */
export interface RunningServer {
  readonly models: ModelFolder;
  readonly client: ServingClient;
  readonly runs: RunReport[];
  readonly server: ModelServer;
  stop(): Promise<void>;
}

/** Starts on these models and waits until those named are available. */
export async function runServer(
  models: ModelFolder,
  settings: Partial<ModelServerConfig> = {},
  awaited: readonly string[] = [],
): Promise<RunningServer> {
  const runs: RunReport[] = [];
  const config = Object.assign(new ModelServerConfig(), {
    GRPC_PORT: 0,
    HOST: '127.0.0.1',
    MODEL_BASE_PATH: models.path,
    POLL_SECONDS: 0.05,
    LOG_LEVEL: 'silent',
    ...settings,
  });
  const server = await startModelServer(config, { onRun: (report) => runs.push(report) });
  const client = new ServingClient(server.port);
  for (const name of awaited)
    await eventually(async () => (await client.health(name)) === 'SERVING');
  runs.length = 0;
  return {
    models,
    client,
    runs,
    server,
    stop: async () => {
      client.close();
      await server.close();
      models.delete();
    },
  };
}

/** Waits for a fact to become true; one that cannot be told yet counts as false. */
export async function eventually(fact: () => Promise<boolean>): Promise<void> {
  while (!(await fact().catch(() => false))) await sleep(10);
}
