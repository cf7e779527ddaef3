import { underLoad } from './load.js';
import {
  apply,
  gone,
  inNamespace,
  nodePortUrl,
  podsOf,
  rolledOut,
  type Variant,
} from './system.js';

const gatewaySetting: Variant = {
  configMapGenerator: [
    { name: 'gateway-config', behavior: 'merge', literals: ['IMAGE_MAX_PIXELS=40000000'] },
  ],
};
const modelSetting: Variant = {
  ...gatewaySetting,
  patches: [
    {
      target: { kind: 'Deployment', name: 'tf-serving' },
      patch: JSON.stringify([
        {
          op: 'add',
          path: '/spec/template/spec/containers/0/env/-',
          value: { name: 'LOG_LEVEL', value: 'debug' },
        },
      ]),
    },
  ],
};

export function describeRollouts(): void {
  describe('under twenty requests a second, no request fails', () => {
    it.each(['gateway', 'tf-serving'] as const)('while %s is restarted', async (workload) => {
      const before = await podsOf(workload);
      const report = await underLoad(await nodePortUrl(), async () => {
        await inNamespace('rollout', 'restart', `deployment/${workload}`);
        await rolledOut(workload);
        // The old pods are still draining when the new ones are ready.
        await gone(before);
      });
      expect(report.failures).toEqual([]);
      expect(report.sent).toBeGreaterThan(100);
    });

    it.each([
      ['gateway', 'IMAGE_MAX_PIXELS', '40000000', gatewaySetting],
      ['tf-serving', 'LOG_LEVEL', 'debug', modelSetting],
    ] as const)('while a changed setting rolls %s', async (workload, name, value, variant) => {
      const before = await podsOf(workload);
      const report = await underLoad(await nodePortUrl(), async () => {
        await apply(variant);
        await gone(before);
      });
      expect(report.failures).toEqual([]);
      const [pod] = await podsOf(workload);
      expect((await inNamespace('exec', pod!.metadata.name, '--', 'printenv', name)).trim()).toBe(
        value,
      );
    });
  });
}
