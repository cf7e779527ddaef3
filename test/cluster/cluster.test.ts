import { describeApiKeys } from './api-keys.js';
import { describeAutoscaling } from './autoscaling.js';
import { describeBalancing } from './balancing.js';
import { createStrangersNamespace, STRANGERS } from './client-pod.js';
import { kubectl } from './kubectl.js';
import { describeModelStore } from './model-store.js';
import { describeNetworkPolicies } from './network-policies.js';
import { describeProbes } from './probes.js';
import { describeRollouts } from './rollouts.js';
import { describeServing } from './serving.js';
import { apply, NAMESPACE } from './system.js';

// One system, applied once and changed from part to part: each begins where the last one ended.
describe('on the cluster of KUBECONFIG', () => {
  beforeAll(async () => {
    await kubectl(['delete', 'namespace', NAMESPACE, STRANGERS, '--ignore-not-found', '--wait']);
    await createStrangersNamespace();
    await apply();
  });

  afterAll(async () => {
    if (process.env['CLUSTER_TEST_KEEP'] === undefined) {
      await kubectl(['delete', 'namespace', NAMESPACE, STRANGERS, '--wait=false']);
    }
  });

  describeServing();
  describeProbes();
  describeBalancing();
  describeRollouts();
  describeAutoscaling();
  describeNetworkPolicies();
  describeModelStore();
  describeApiKeys();
});
