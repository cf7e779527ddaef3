import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectPath } from '#project';
import { eventually } from '../support/eventually.js';
import { kubectl, kubectlJson } from './kubectl.js';

/** Not the overlay's own, so that a cluster where the product runs keeps it. */
export const NAMESPACE = 'clothing-test';

export type Workload = 'gateway' | 'tf-serving';

export interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
  status: {
    podIP?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { restartCount: number }[];
  };
}

export interface Variant {
  /** Folders below deploy/components. */
  components?: string[];
  /** More of the kustomization, as JSON. */
  patches?: { target: { kind: string; name: string }; patch: string }[];
  configMapGenerator?: object[];
}

/** TensorFlow Serving's own image is used where the cluster has it. */
const SERVER = process.env['CLUSTER_TEST_SERVER'] === 'tensorflow' ? [] : ['model-server'];

/**
 * Applies the overlay for kind with these components, and waits for the pods: for new ones to be
 * ready, and for old gateways to be gone, which answer as before for some seconds.
 */
export async function apply({ components = [], ...rest }: Variant = {}): Promise<void> {
  const before = await podsOf('gateway').catch(() => []);
  await kubectl(['apply', '-f', '-'], await build({ components, ...rest }));
  await Promise.all([rolledOut('tf-serving'), rolledOut('gateway')]);
  const after = (await podsOf('gateway')).map(({ metadata }) => metadata.name);
  await gone(before.filter(({ metadata }) => !after.includes(metadata.name)));
}

/** Waits until these pods have ended, whatever they still had in work. */
export async function gone(pods: Pod[]): Promise<void> {
  for (const { metadata } of pods) {
    await inNamespace('wait', '--for=delete', `pod/${metadata.name}`, '--timeout=120s');
  }
}

async function build({ components = [], ...rest }: Variant): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'overlay-'));
  const deploy = (...path: string[]) => relative(folder, projectPath('deploy', ...path));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: NAMESPACE,
    resources: [deploy('overlays', 'kind')],
    components: [...components, ...SERVER].map((name) => deploy('components', name)),
    ...rest,
  };
  try {
    await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    return await kubectl(['kustomize', folder]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function rolledOut(workload: Workload): Promise<void> {
  await inNamespace('rollout', 'status', `deployment/${workload}`, '--timeout=300s');
}

export function inNamespace(...args: string[]): Promise<string> {
  return kubectl(['-n', NAMESPACE, ...args]);
}

/** Those that are not being deleted. */
export async function podsOf(workload: Workload): Promise<Pod[]> {
  const label = `app.kubernetes.io/name=${workload}`;
  const { items } = await kubectlJson<{ items: Pod[] }>(
    '-n',
    NAMESPACE,
    'get',
    'pods',
    '-l',
    label,
  );
  return items.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

export function isReady({ status }: Pod): boolean {
  return status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
}

export function restartsOf(pods: Pod[]): number {
  return pods
    .flatMap((pod) => pod.status.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

export async function scale(workload: Workload, replicas: number): Promise<void> {
  await inNamespace('scale', `deployment/${workload}`, `--replicas=${replicas}`);
  await eventually(
    () => podsOf(workload),
    (pods) => pods.length === replicas && pods.every(isReady),
    300_000,
  );
}

/** What a gateway pod answers, by way of the API server. */
export function askPod(pod: Pod, port: number, path: string): Promise<string> {
  return kubectl([
    'get',
    '--raw',
    `/api/v1/namespaces/${NAMESPACE}/pods/${pod.metadata.name}:${port}/proxy${path}`,
  ]);
}

/** The NodePort, from outside of the cluster. */
export async function nodePortUrl(): Promise<string> {
  const given = process.env['CLUSTER_TEST_URL'];
  if (given !== undefined) return given;
  interface Nodes {
    items: { status: { addresses: { type: string; address: string }[] } }[];
  }
  const { items } = await kubectlJson<Nodes>('get', 'nodes');
  const addresses = items.flatMap(({ status }) => status.addresses);
  return `http://${addresses.find(({ type }) => type === 'InternalIP')!.address}:30080`;
}

/** What the ingress controller listens at; undefined where the cluster has none. */
export async function ingressUrl(): Promise<string | undefined> {
  interface Ingress {
    status: { loadBalancer: { ingress?: { ip?: string; hostname?: string }[] } };
  }
  const { status } = await kubectlJson<Ingress>('-n', NAMESPACE, 'get', 'ingress', 'gateway');
  const [entry] = status.loadBalancer.ingress ?? [];
  const host = entry?.ip ?? entry?.hostname;
  return host === undefined ? undefined : `http://${host}`;
}
