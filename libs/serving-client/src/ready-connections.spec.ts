import { type ModelServer, echo, startModelServer } from '../test/model-server.js';
import { createServingClient, type ServingClient } from './index.js';
import { type ReadyConnection, ReadyConnections } from './ready-connections.js';

describe('ready connections', () => {
  const [one, two] = [{}, {}] as [ReadyConnection, ReadyConnection];

  it('are those of the first balancer, for as long as it is there', () => {
    const connections = new ReadyConnections();
    const [first, second] = [{}, {}];
    expect(connections.choose()).toBeUndefined();
    connections.offer(first, () => one);
    connections.offer(second, () => two);
    connections.withdraw(second);
    expect(connections.choose()).toBe(one);
    connections.offer(first, undefined);
    expect(connections.choose()).toBeUndefined();
    connections.withdraw(first);
    connections.offer(second, () => two);
    expect(connections.choose()).toBe(two);
  });
});

describe('a client', () => {
  let server: ModelServer;
  let client: ServingClient;
  let agents: unknown[];
  const predict = () =>
    client.predict(
      {
        model: { name: 'm' },
        signatureName: 's',
        inputs: { x: { dtype: 'DT_UINT8', shape: [1], data: Uint8Array.of(7) } },
      },
      { deadline: new Date(Date.now() + 60_000) },
    );

  beforeEach(async () => {
    agents = [];
    server = await startModelServer({
      predict: (call, callback) => {
        agents.push(...call.metadata.get('user-agent'));
        echo(call, callback);
      },
    });
    client = createServingClient({ host: server.host });
  });

  afterEach(() => {
    client.close();
    server.kill();
  });

  it('lets grpc-js make the first call, and sends the next ones itself', async () => {
    await predict();
    await predict();
    expect(agents).toEqual([expect.stringMatching(/^grpc-node-js/), 'grpc-node-gateway']);
  });

  it('lets grpc-js make all calls where that has changed inside', async () => {
    await predict();
    const { transport } = client['connections'].choose()!;
    Object.assign(transport, { handleDisconnect: undefined });
    const { outputs } = await predict();
    Reflect.deleteProperty(transport, 'handleDisconnect');
    expect(outputs['x']!.data).toEqual(Uint8Array.of(7));
    expect(agents[1]).toMatch(/^grpc-node-js/);
  });

  it('sends none after it is closed', async () => {
    await predict();
    client.close();
    await expect(predict()).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    expect(agents).toHaveLength(1);
  });
});
