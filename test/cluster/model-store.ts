import { eventually } from '../support/eventually.js';
import { kubectl } from './kubectl.js';
import { underLoad } from './load.js';
import { apply, askPod, NAMESPACE, nodePortUrl, podsOf } from './system.js';

/** Copies version 1 as version 2: under a name that is no number, then renamed in one step. */
const PUBLISH =
  'cp -R /store/clothing-model/1 /store/.clothing-model-2 && ' +
  'mv -T /store/.clothing-model-2 /store/clothing-model/2';

const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'publish', namespace: NAMESPACE },
  spec: {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'publish',
            image: process.env['CLUSTER_TEST_IMAGE'] ?? 'gateway:0.1.0',
            command: ['sh', '-c', PUBLISH],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            volumeMounts: [{ name: 'models', mountPath: '/store' }],
          },
        ],
        volumes: [{ name: 'models', persistentVolumeClaim: { claimName: 'model-store' } }],
      },
    },
  },
};

async function versions(): Promise<string[]> {
  const answers = [];
  for (const pod of await podsOf('gateway')) {
    // The API server tells a 503 without its body.
    const answer = await askPod(pod, 9696, '/readyz').catch(() => '{}');
    const { checks } = JSON.parse(answer) as { checks?: Record<string, { version?: string }> };
    answers.push(checks?.['clothing-model']?.version ?? 'not ready');
  }
  return answers;
}

export function describeModelStore(): void {
  describe('the component model-store', () => {
    it('is filled from the image, and serves a second version without a failed call', async () => {
      await apply({ components: ['model-store'] });
      await eventually(versions, (all) => all.every((version) => version === '1'), 60_000);
      const report = await underLoad(await nodePortUrl(), async () => {
        await kubectl(['apply', '-f', '-'], JSON.stringify(job));
        await eventually(versions, (all) => all.every((version) => version === '2'), 120_000);
      });
      expect(report.failures).toEqual([]);
    });
  });
}
