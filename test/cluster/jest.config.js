import project from '../../jest.config.js';

// Apart from `npm test`: it changes the cluster that KUBECONFIG points to.
/** @type {import('jest').Config} */
export default {
  ...project,
  rootDir: '../..',
  roots: ['<rootDir>/test/cluster'],
  testMatch: ['**/cluster.test.ts'],
  // Rollouts wait for drains, one pod after the other.
  testTimeout: 600_000,
};
