import { checkDrain } from './drain.js';
import type { KubernetesObject } from './objects.js';
import { checkPods } from './pods.js';
import { checkReferences } from './references.js';

/** A build in which nothing is wrong. */
const sound = (): KubernetesObject[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gateway' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'gateway' } },
      template: {
        metadata: { labels: { app: 'gateway' } },
        spec: {
          serviceAccountName: 'gateway',
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 35,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'gateway',
              image: 'registry:5000/gateway:1.0.0',
              ports: [{ name: 'http', containerPort: 9696 }],
              envFrom: [{ configMapRef: { name: 'config' } }],
              startupProbe: { httpGet: { port: 'http' } },
              readinessProbe: { tcpSocket: { port: 'http' } },
              livenessProbe: { httpGet: { port: 9696 } },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [{ name: 'secrets', mountPath: '/secrets' }],
            },
          ],
          volumes: [{ name: 'secrets', secret: { secretName: 'keys' } }],
        },
      },
    },
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'gateway' } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'config' },
    data: { PREDICT_TIMEOUT_MS: '20000', SHUTDOWN_DELAY_MS: '5000' },
  },
  {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'keys' },
    spec: {},
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'gateway', labels: { app: 'gateway' } },
    spec: {
      selector: { app: 'gateway' },
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'gateway',
      annotations: {
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=60',
        'alb.ingress.kubernetes.io/target-group-attributes':
          'a=b,deregistration_delay.timeout_seconds=30',
      },
    },
    spec: {
      rules: [
        {
          http: { paths: [{ backend: { service: { name: 'gateway', port: { name: 'http' } } } }] },
        },
      ],
    },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'gateway' },
    spec: { selector: { matchLabels: { app: 'gateway' } } },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'all' },
    spec: { podSelector: {} },
  },
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: 'gateway' },
    spec: { selector: { matchLabels: { app: 'gateway' } }, endpoints: [{ port: 'http' }] },
  },
  {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: 'gateway' },
    spec: {
      selector: { matchLabels: { app: 'gateway' } },
      podMetricsEndpoints: [{ port: 'http' }],
    },
  },
];

const checks = { checkPods, checkReferences, checkDrain };
const check = (objects: KubernetesObject[]): string[] =>
  Object.values(checks).flatMap((one) => one(objects));

/** Where a fault is put: `Deployment/gateway` and below it a path of names and places. */
type Path = (string | number)[];

function broken(kind: string, path: Path, value: unknown): KubernetesObject[] {
  const objects = sound();
  let at: unknown = objects.find((object) => object.kind === kind);
  for (const key of path.slice(0, -1)) at = (at as Record<string | number, unknown>)[key];
  (at as Record<string | number, unknown>)[path.at(-1)!] = value;
  return objects;
}

const pod: Path = ['spec', 'template', 'spec'];
const container: Path = [...pod, 'containers', 0];
const alb = (name: string): Path => [
  'metadata',
  'annotations',
  `alb.ingress.kubernetes.io/${name}`,
];

describe('what is asked of every build', () => {
  it('is met by a sound one', () => {
    expect(check(sound())).toEqual([]);
  });

  const faults: { name: string; kind?: string; path: Path; value?: unknown; text: string }[] = [
    { name: 'root', path: [...pod, 'securityContext', 'runAsNonRoot'], text: 'may run as root' },
    { name: 'a named user', path: [...pod, 'securityContext', 'runAsUser'], text: 'numeric user' },
    { name: 'no seccomp', path: [...pod, 'securityContext', 'seccompProfile'], text: 'seccomp' },
    { name: 'an API token', path: [...pod, 'automountServiceAccountToken'], text: 'token' },
    { name: "the node's network", path: [...pod, 'hostNetwork'], value: true, text: 'its node' },
    {
      name: "a folder of the node's",
      path: [...pod, 'volumes', 0],
      value: { name: 'secrets', hostPath: { path: '/' } },
      text: 'hostPath volume',
    },
    {
      name: 'privileges',
      path: [...container, 'securityContext', 'allowPrivilegeEscalation'],
      text: 'may gain privileges',
    },
    {
      name: 'capabilities',
      path: [...container, 'securityContext', 'capabilities', 'drop'],
      value: ['NET_RAW'],
      text: 'keeps capabilities',
    },
    {
      name: 'a writable root',
      path: [...container, 'securityContext', 'readOnlyRootFilesystem'],
      text: 'may write to its root',
    },
    { name: 'no memory limit', path: [...container, 'resources', 'limits'], text: 'memory limit' },
    { name: 'no requests', path: [...container, 'resources', 'requests'], text: 'requests no CPU' },
    {
      name: 'the tag latest',
      path: [...container, 'image'],
      value: 'a:latest',
      text: 'may change',
    },
    { name: 'no tag', path: [...container, 'image'], value: 'host:5000/a', text: 'may change' },
    { name: 'no liveness probe', path: [...container, 'livenessProbe'], text: 'no livenessProbe' },
    {
      name: 'a probe of an unknown port',
      path: [...container, 'readinessProbe', 'tcpSocket', 'port'],
      value: 'grpc',
      text: 'asks port grpc',
    },
    {
      name: 'a missing ConfigMap',
      path: [...container, 'envFrom', 0, 'configMapRef', 'name'],
      value: 'other',
      text: 'needs ConfigMap/other',
    },
    {
      name: 'a missing Secret',
      path: [...pod, 'volumes', 0, 'secret', 'secretName'],
      value: 'other',
      text: 'needs Secret/other',
    },
    {
      name: 'a missing claim',
      path: [...pod, 'volumes', 1],
      value: { name: 'models', persistentVolumeClaim: { claimName: 'models' } },
      text: 'needs PersistentVolumeClaim/models',
    },
    { name: 'a mount of no volume', path: [...pod, 'volumes'], value: [], text: 'volume secrets' },
    {
      name: 'a missing service account',
      path: [...pod, 'serviceAccountName'],
      value: 'other',
      text: 'needs ServiceAccount/other',
    },
    {
      name: 'a selector that misses its pods',
      path: ['spec', 'selector', 'matchLabels', 'tier'],
      value: 'web',
      text: 'does not select its pods',
    },
    {
      name: 'a Service without pods',
      kind: 'Service',
      path: ['spec', 'selector', 'app'],
      value: 'other',
      text: 'Service/gateway selects no pod',
    },
    {
      name: 'a Service to an unknown port',
      kind: 'Service',
      path: ['spec', 'ports', 0, 'targetPort'],
      value: 'grpc',
      text: 'sends to port grpc',
    },
    {
      name: 'an Ingress to an unknown port',
      kind: 'Ingress',
      path: ['spec', 'rules', 0, 'http', 'paths', 0, 'backend', 'service', 'port', 'name'],
      value: 'web',
      text: 'has no such port',
    },
    {
      name: 'a budget for no pod',
      kind: 'PodDisruptionBudget',
      path: ['spec', 'selector', 'matchLabels', 'app'],
      value: 'other',
      text: 'PodDisruptionBudget/gateway selects no pod',
    },
    {
      name: 'a monitor of an unknown port',
      kind: 'ServiceMonitor',
      path: ['spec', 'endpoints', 0, 'port'],
      value: 'metrics',
      text: 'scrapes port metrics',
    },
    {
      name: 'a monitor of no pod',
      kind: 'PodMonitor',
      path: ['spec', 'selector', 'matchLabels', 'app'],
      value: 'other',
      text: 'PodMonitor/gateway selects no pod',
    },
    {
      name: 'too little time to end',
      path: [...pod, 'terminationGracePeriodSeconds'],
      value: 29,
      text: 'killed after 29',
    },
    { name: 'an end unannounced', path: [...container, 'lifecycle'], text: 'before anyone knows' },
    {
      name: 'more time for a prediction than to end',
      kind: 'ConfigMap',
      path: ['data', 'PREDICT_TIMEOUT_MS'],
      value: '30000',
      text: 'needs 40 s',
    },
    {
      name: 'an impatient balancer',
      kind: 'Ingress',
      path: alb('load-balancer-attributes'),
      value: 'idle_timeout.timeout_seconds=20',
      text: 'gives up after 20 s',
    },
    {
      name: 'a balancer that keeps connections longer than the gateway',
      kind: 'Ingress',
      path: alb('load-balancer-attributes'),
      value: 'idle_timeout.timeout_seconds=120',
      text: 'closes connections',
    },
    {
      name: 'a balancer that cuts requests off',
      kind: 'Ingress',
      path: alb('target-group-attributes'),
      value: 'deregistration_delay.timeout_seconds=10',
      text: 'cuts requests off after 10 s',
    },
  ];
  it.each(faults)('finds $name', ({ kind = 'Deployment', path, value, text }) => {
    expect(check(broken(kind, path, value)).join('\n')).toContain(text);
  });

  const scaler = (kind: string, name: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: kind.toLowerCase() },
    spec: { scaleTargetRef: { kind: 'Deployment', name } },
  });
  const scaled = (...added: KubernetesObject[]): string =>
    check([...broken('Deployment', ['spec', 'replicas'], undefined), ...added]).join('\n');

  it('finds an autoscaler of nothing', () => {
    expect(scaled(scaler('HorizontalPodAutoscaler', 'web'))).toContain('needs Deployment/web');
  });

  it('finds two autoscalers of the same pods', () => {
    const two = [scaler('HorizontalPodAutoscaler', 'gateway'), scaler('ScaledObject', 'gateway')];
    expect(scaled(two[0]!)).toBe('');
    expect(scaled(...two)).toContain('two autoscalers');
  });

  it('finds a number of pods beside an autoscaler', () => {
    const objects = [...sound(), scaler('HorizontalPodAutoscaler', 'gateway')];
    expect(check(objects)).toEqual([expect.stringContaining('sets the number back')]);
  });

  it('finds an object that is there twice', () => {
    expect(check([...sound(), sound()[1]!])).toEqual([expect.stringContaining('there twice')]);
  });
});
