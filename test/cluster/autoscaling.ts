import { eventually } from '../support/eventually.js';
import { underPressure } from './load.js';
import { kubectl, kubectlJson } from './kubectl.js';
import { apply, NAMESPACE, nodePortUrl, scale, type Workload } from './system.js';

interface Autoscaler {
  spec: { minReplicas: number; maxReplicas: number };
  status: { desiredReplicas: number; currentMetrics?: object[] };
}

const autoscaler = (workload: Workload) =>
  kubectlJson<Autoscaler>('-n', NAMESPACE, 'get', 'hpa', workload);

const desired = (workload: Workload) => async () => {
  const { status } = await autoscaler(workload);
  return status.desiredReplicas;
};

/** The component waits for ten minutes before it takes pods away; nothing else is changed. */
const promptly = (name: Workload) => ({
  target: { kind: 'HorizontalPodAutoscaler', name },
  patch: JSON.stringify([
    {
      op: 'replace',
      path: '/spec/behavior/scaleDown',
      value: {
        stabilizationWindowSeconds: 15,
        policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
      },
    },
  ]),
});

export function describeAutoscaling(): void {
  describe('the component autoscaling', () => {
    it('adds pods under load and takes them away again', async () => {
      await apply({
        components: ['autoscaling'],
        patches: [promptly('gateway'), promptly('tf-serving')],
      });
      const url = await nodePortUrl();
      expect((await autoscaler('tf-serving')).spec).toMatchObject({
        minReplicas: 2,
        maxReplicas: 10,
      });
      expect((await autoscaler('gateway')).spec).toMatchObject({ minReplicas: 2, maxReplicas: 20 });
      await underPressure(url, 16, () =>
        Promise.all([
          eventually(desired('tf-serving'), (replicas) => replicas > 2, 180_000),
          eventually(desired('gateway'), (replicas) => replicas > 2, 180_000),
        ]),
      );
      await eventually(desired('tf-serving'), (replicas) => replicas === 2, 240_000);
      await eventually(desired('gateway'), (replicas) => replicas === 2, 240_000);
    });

    afterAll(async () => {
      await kubectl(['-n', NAMESPACE, 'delete', 'hpa', '--all']);
      await Promise.all([scale('gateway', 2), scale('tf-serving', 2)]);
    });
  });
}
