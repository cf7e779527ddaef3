import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { ConfigError, EXIT_CONFIG, loadConfig } from '#config';
import { ModelServerConfig } from './config/model-server.config.js';
import { startModelServer, type ModelServer } from './start.js';

/**
 * The process: configured by the environment, ended by SIGTERM, SIGINT, or by the parent's end
 * where it was forked with an IPC channel, which is told `{ ready: true, port }`. Ends with 0 after
 * a drain, 1 where it cannot listen, 78 where the environment is wrong.
 */
export async function runModelServer(): Promise<void> {
  // The library prints faults that it throws as well, and those are told below.
  setLogVerbosity(logVerbosity.NONE);
  let server: ModelServer;
  try {
    server = await startModelServer(loadConfig(ModelServerConfig, process.env));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }

  let stopping = false;
  const stop = () => {
    // Asked twice, it waits for nobody: an orderly exit would wait for the runs in progress.
    if (stopping) process.kill(process.pid, 'SIGKILL');
    stopping = true;
    void server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  // The parent may have gone while the server started.
  if (process.connected) process.send?.({ ready: true, port: server.port });
  else if (process.send !== undefined) stop();
}
