import { Registry } from 'prom-client';
import { VersionMetrics } from './version-metrics.js';

describe('VersionMetrics', () => {
  it('tells of the versions that answered last, and of no more than eight of a model', async () => {
    const registry = new Registry();
    const metrics = new VersionMetrics(registry);
    for (let version = 1; version <= 20; version++) {
      metrics.count('m', '1', 1);
      metrics.count('m', String(version), 2);
    }
    metrics.count('other', '3', 1);
    const told = [...(await registry.metrics()).matchAll(/model="m",version="(\d+)"/g)];
    expect(told.map(([, version]) => Number(version)).sort((a, b) => a - b)).toEqual([
      1, 14, 15, 16, 17, 18, 19, 20,
    ]);

    metrics.forget('m');
    const text = await registry.metrics();
    expect(text).not.toContain('model="m"');
    expect(text).toContain('gateway_predictions_total{model="other",version="3"} 1');
  });
});
