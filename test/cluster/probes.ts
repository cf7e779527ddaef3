import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { faultOf, predict } from './prediction.js';
import { underLoad } from './load.js';
import { inNamespace, isReady, nodePortUrl, podsOf, restartsOf, scale } from './system.js';

export function describeProbes(): void {
  describe('probes', () => {
    it('take gateways without a model out of service, restart none, and take them back', async () => {
      const url = await nodePortUrl();
      await inNamespace('scale', 'deployment/tf-serving', '--replicas=0');
      await eventually(
        () => podsOf('gateway'),
        (pods) => pods.length === 2 && !pods.some(isReady),
        120_000,
      );
      // Longer than the liveness probe would take to give a pod up.
      await sleep(70_000);
      const gateways = await podsOf('gateway');
      expect(gateways.filter(isReady)).toHaveLength(0);
      expect(restartsOf(gateways)).toBe(0);
      await expect(predict(url)).rejects.toThrow('fetch failed');

      await scale('tf-serving', 2);
      await eventually(
        () => podsOf('gateway'),
        (pods) => pods.every(isReady),
        60_000,
      );
      await eventually(
        () => faultOf(url),
        (fault) => fault === undefined,
      );
      expect(restartsOf(await podsOf('gateway'))).toBe(0);
    });

    it('lose no request when a model pod is killed', async () => {
      const report = await underLoad(await nodePortUrl(), async () => {
        const [victim] = await podsOf('tf-serving');
        await inNamespace('delete', 'pod', victim!.metadata.name, '--grace-period=0', '--force');
        await eventually(
          () => podsOf('tf-serving'),
          (pods) => pods.length === 2 && pods.every(isReady),
          120_000,
        );
      });
      expect(report.failures).toEqual([]);
      expect(report.sent).toBeGreaterThan(20);
    });
  });
}
