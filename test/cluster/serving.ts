import { NAMESPACE, ingressUrl, inNamespace, nodePortUrl, podsOf } from './system.js';
import { STRANGERS, startClientPod } from './client-pod.js';
import { kubectl, kubectlJson } from './kubectl.js';
import { eventually } from '../support/eventually.js';
import { faultOf } from './prediction.js';

export function describeServing(): void {
  describe('the overlay, applied', () => {
    it('answers predictions at the node port', async () => {
      expect(await faultOf(await nodePortUrl())).toBeUndefined();
    });

    it('answers predictions through the Ingress', async () => {
      const url = await eventually(ingressUrl, (address) => address !== undefined, 60_000);
      const fault = await eventually(
        () => faultOf(url!),
        (answer) => answer === undefined,
      );
      expect(fault).toBeUndefined();
    });

    it.each([
      ['its short name, in the namespace', NAMESPACE, 'gateway'],
      ['its full name, in another', STRANGERS, `gateway.${NAMESPACE}.svc.cluster.local`],
    ])('is found inside of the cluster by %s', async (_name, namespace, host) => {
      const client = await startClientPod(namespace, 'client');
      const status = `fetch('http://${host}:9696/readyz').then((answer) => answer.status)`;
      expect(await client.evaluate(status)).toBe('200');
    });

    it('runs in a namespace that refuses what is not restricted', async () => {
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'root' } };
      const containers = [{ name: 'root', image: 'gateway:0.1.0' }];
      const input = JSON.stringify({ ...pod, spec: { containers } });
      await expect(kubectl(['-n', NAMESPACE, 'create', '-f', '-'], input)).rejects.toThrow(
        /violates PodSecurity "restricted/,
      );
    });

    it('writes nothing to its root, and is nobody', async () => {
      for (const workload of ['gateway', 'tf-serving'] as const) {
        const [pod] = await podsOf(workload);
        const { name } = pod!.metadata;
        await expect(inNamespace('exec', name, '--', 'touch', '/app/x')).rejects.toThrow(
          /Read-only file system/,
        );
        expect((await inNamespace('exec', name, '--', 'id', '-u')).trim()).toBe('1000');
      }
    });

    it('has two ready endpoints behind each Service', async () => {
      interface Slice {
        items: { endpoints: { conditions: { ready: boolean } }[] }[];
      }
      for (const service of ['gateway', 'tf-serving', 'tf-serving-headless']) {
        const label = `kubernetes.io/service-name=${service}`;
        const { items } = await kubectlJson<Slice>(
          '-n',
          NAMESPACE,
          'get',
          'endpointslices',
          '-l',
          label,
        );
        const ready = items
          .flatMap(({ endpoints }) => endpoints)
          .filter(({ conditions }) => conditions.ready);
        expect(ready).toHaveLength(2);
      }
    });
  });
}
