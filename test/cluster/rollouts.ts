import { underLoad } from './load.js';
import { apply, inNamespace, nodePortUrl, podsOf, rolledOut } from './system.js';

export function describeRollouts(): void {
  describe('under twenty requests a second, no request fails', () => {
    it.each(['gateway', 'tf-serving'] as const)('while %s is restarted', async (workload) => {
      const before = await podsOf(workload);
      const report = await underLoad(await nodePortUrl(), async () => {
        await inNamespace('rollout', 'restart', `deployment/${workload}`);
        await rolledOut(workload);
        // The old pods are still draining when the new ones are ready.
        await eventuallyGone(before.map(({ metadata }) => metadata.name));
      });
      expect(report.failures).toEqual([]);
      expect(report.sent).toBeGreaterThan(100);
    });

    it('while a changed setting rolls both', async () => {
      const before = [...(await podsOf('gateway')), ...(await podsOf('tf-serving'))];
      const environment = { name: 'LOG_LEVEL', value: 'debug' };
      const report = await underLoad(await nodePortUrl(), async () => {
        await apply({
          configMapGenerator: [
            { name: 'gateway-config', behavior: 'merge', literals: ['LOG_LEVEL=debug'] },
          ],
          patches: [
            {
              target: { kind: 'Deployment', name: 'tf-serving' },
              patch: JSON.stringify([
                {
                  op: 'add',
                  path: '/spec/template/spec/containers/0/env/-',
                  value: environment,
                },
              ]),
            },
          ],
        });
        await eventuallyGone(before.map(({ metadata }) => metadata.name));
      });
      expect(report.failures).toEqual([]);
      // The ConfigMap's new name is what rolled the gateway.
      const [pod] = await podsOf('gateway');
      const level = await inNamespace('exec', pod!.metadata.name, '--', 'printenv', 'LOG_LEVEL');
      expect(level.trim()).toBe('debug');
    });
  });
}

async function eventuallyGone(names: string[]): Promise<void> {
  for (const name of names) {
    await inNamespace('wait', '--for=delete', `pod/${name}`, '--timeout=120s');
  }
}
