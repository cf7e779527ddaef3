import { ModelFolder } from '../test-fixtures/model-folder.js';
import { runServer, type RunningServer } from '../test-fixtures/running-server.js';

let running: RunningServer;

beforeAll(async () => {
  running = await runServer(new ModelFolder(), { MAX_CONNECTION_AGE_MS: 1000 });
});

afterAll(async () => {
  await running.stop();
});

describe('startModelServer', () => {
  it('takes a free port where it is told none', () => {
    expect(running.server.port).toBeGreaterThan(0);
  });

  it('says in one line that an address is taken', async () => {
    const { port } = running.server;
    await expect(runServer(new ModelFolder(), { GRPC_PORT: port })).rejects.toThrow(
      new RegExp(`^Cannot listen on 127.0.0.1:${port}: listen EADDRINUSE[^\\n]*$`),
    );
  });

  it('closes once, however often it is asked to', async () => {
    await Promise.all([running.server.close(), running.server.close()]);
    await running.server.close();
  });
});
