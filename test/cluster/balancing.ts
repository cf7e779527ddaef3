import { setTimeout as sleep } from 'node:timers/promises';
import { underLoad } from './load.js';
import { askPod, nodePortUrl, podsOf, scale } from './system.js';

/** Within which a pod that became ready has its share. */
const SHARE_WITHIN_MS = 30_000;
const WINDOW_MS = 20_000;

/** Calls that each model pod has answered, by address, as the gateways count them. */
async function callsByBackend(): Promise<Map<string, number>> {
  const calls = new Map<string, number>();
  for (const pod of await podsOf('gateway')) {
    const metrics = await askPod(pod, 9464, '/metrics');
    for (const [, backend, count] of metrics.matchAll(
      /^gateway_backend_calls_total\{backend="([^"]+)"\} (\d+)$/gm,
    )) {
      const address = backend!.replace(/:\d+$/, '');
      calls.set(address, (calls.get(address) ?? 0) + Number(count));
    }
  }
  return calls;
}

async function callsDuring(windowMs: number): Promise<Record<string, number>> {
  const before = await callsByBackend();
  await sleep(windowMs);
  const after = await callsByBackend();
  const pods = await podsOf('tf-serving');
  return Object.fromEntries(
    pods.map(({ status }) => {
      const address = status.podIP!;
      return [address, (after.get(address) ?? 0) - (before.get(address) ?? 0)];
    }),
  );
}

export function describeBalancing(): void {
  describe('calls to the model', () => {
    it('are spread evenly over pods that were added, and none is lost to one that goes', async () => {
      await scale('tf-serving', 1);
      let shares: Record<string, number> = {};
      const report = await underLoad(await nodePortUrl(), async () => {
        await sleep(5000);
        await scale('tf-serving', 3);
        await sleep(SHARE_WITHIN_MS);
        shares = await callsDuring(WINDOW_MS);
        await scale('tf-serving', 1);
        // Until the pods that go have ended, whatever they do to their calls.
        await sleep(45_000);
      });
      const counts = Object.values(shares);
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      console.log(`calls per model pod in ${WINDOW_MS} ms: ${counts.join(', ')}`);
      expect(counts).toHaveLength(3);
      expect(mean).toBeGreaterThan(100);
      for (const count of counts) expect(Math.abs(count / mean - 1)).toBeLessThanOrEqual(0.2);
      expect(report.failures).toEqual([]);
      await scale('tf-serving', 2);
    });
  });
}
