import { eventually } from '../support/eventually.js';
import { clientIn, connecting, startClientPod, STRANGERS, type ClientPod } from './client-pod.js';
import { kubectl, kubectlJson } from './kubectl.js';
import { faultOf } from './prediction.js';
import { apply, NAMESPACE, nodePortUrl, podsOf, type Pod } from './system.js';

const LISTEN = "require('http').createServer((q, s) => s.end('inside')).listen(8080)";

export function describeNetworkPolicies(): void {
  describe('the component network-policies', () => {
    let gateway: ClientPod;
    let stranger: ClientPod;
    let neighbour: ClientPod;
    let insider: string;
    let addressOf: Record<'gateway' | 'tf-serving', string>;

    const reach = (client: ClientPod, host: string, port: number) =>
      client.evaluate(connecting(host, port));
    const eventuallyReaches = (client: ClientPod, host: string, port: number, open: boolean) =>
      eventually(
        () => reach(client, host, port),
        (answer) => (answer === 'open') === open,
        30_000,
      );

    beforeAll(async () => {
      stranger = await startClientPod(STRANGERS, 'client');
      neighbour = await startClientPod(NAMESPACE, 'neighbour');
      await startClientPod(STRANGERS, 'inside', LISTEN);
      const inside = await kubectlJson<Pod>('-n', STRANGERS, 'get', 'pod', 'inside');
      insider = inside.status.podIP!;
      const [gatewayPod] = await podsOf('gateway');
      const [modelPod] = await podsOf('tf-serving');
      // What follows is worth something only where all of it was open before.
      gateway = clientIn(NAMESPACE, gatewayPod!.metadata.name);
      await eventuallyReaches(gateway, insider, 8080, true);
      await eventuallyReaches(stranger, modelPod!.status.podIP!, 8500, true);
      await apply({ components: ['network-policies'] });
      const [gatewayNow] = await podsOf('gateway');
      const [modelNow] = await podsOf('tf-serving');
      gateway = clientIn(NAMESPACE, gatewayNow!.metadata.name);
      addressOf = { gateway: gatewayNow!.status.podIP!, 'tf-serving': modelNow!.status.podIP! };
    });

    afterAll(async () => {
      await kubectl(['-n', NAMESPACE, 'delete', 'networkpolicy', '--all']);
    });

    it('leaves predictions alone', async () => {
      expect(await faultOf(await nodePortUrl())).toBeUndefined();
      await eventuallyReaches(stranger, addressOf.gateway, 9696, true);
    });

    it('lets only the gateway reach the model', async () => {
      await eventuallyReaches(stranger, addressOf['tf-serving'], 8500, false);
      await eventuallyReaches(neighbour, addressOf['tf-serving'], 8500, false);
      expect(await reach(gateway, addressOf['tf-serving'], 8500)).toBe('open');
    });

    it('keeps the gateway from private addresses, and lets it ask for names', async () => {
      await eventuallyReaches(gateway, insider, 8080, false);
      const api = await kubectlJson<{ spec: { clusterIP: string } }>(
        'get',
        'service',
        'kubernetes',
      );
      await eventuallyReaches(gateway, api.spec.clusterIP, 443, false);
      const name = `tf-serving.${NAMESPACE}.svc.cluster.local`;
      const lookup = `require('dns').promises.lookup('${name}').then(({ address }) => address)`;
      expect(await gateway.evaluate(lookup)).toMatch(/^\d+(\.\d+){3}$|:/);
    });

    it('keeps the model from everything', async () => {
      const [model] = await podsOf('tf-serving');
      const client = clientIn(NAMESPACE, model!.metadata.name);
      await eventuallyReaches(client, insider, 8080, false);
      await eventuallyReaches(client, addressOf.gateway, 9696, false);
    });

    it('shows metrics to namespaces that monitor, and to no other', async () => {
      await eventuallyReaches(stranger, addressOf.gateway, 9464, false);
      await kubectl(['label', 'namespace', STRANGERS, 'monitoring=true']);
      await eventuallyReaches(stranger, addressOf.gateway, 9464, true);
      await kubectl(['label', 'namespace', STRANGERS, 'monitoring-']);
    });
  });
}
