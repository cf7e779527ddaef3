import type { Container, Handler, KubernetesObject, Pod } from './objects.js';
import { podsOf } from './objects.js';

/** The volumes that Pod Security's level `restricted` lets a pod name. */
const volumeKinds = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** What is wrong with the pods of a build; empty where nothing is. */
export function checkPods(objects: KubernetesObject[]): string[] {
  return objects
    .flatMap(podsOf)
    .flatMap((pod) => [
      ...checkPod(pod),
      ...(pod.spec.initContainers ?? []).flatMap((container) => checkContainer(pod, container)),
      ...pod.spec.containers.flatMap((container) => [
        ...checkContainer(pod, container),
        ...(pod.job ? [] : checkProbes(pod, container)),
      ]),
    ]);
}

function checkPod({ owner, spec }: Pod): string[] {
  const faults: string[] = [];
  if (spec.automountServiceAccountToken !== false) {
    faults.push(`${owner} mounts a token of the Kubernetes API`);
  }
  if (!spec.serviceAccountName) faults.push(`${owner} has no service account of its own`);
  if (spec.hostNetwork || spec.hostPID || spec.hostIPC) {
    faults.push(`${owner} shares a namespace with its node`);
  }
  for (const { name, ...source } of spec.volumes ?? []) {
    const kind = Object.keys(source)[0] ?? 'emptyDir';
    if (!volumeKinds.includes(kind)) faults.push(`${owner} names a ${kind} volume, ${name}`);
  }
  return faults;
}

function checkContainer(pod: Pod, container: Container): string[] {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const requirements: [boolean, string][] = [
    [(own.runAsNonRoot ?? shared.runAsNonRoot) === true, 'may run as root'],
    // A user by name in the image cannot be told from root, and the kubelet refuses it.
    [(own.runAsUser ?? shared.runAsUser ?? 0) > 0, 'has no numeric user'],
    [
      (own.seccompProfile ?? shared.seccompProfile)?.type === 'RuntimeDefault',
      'runs without seccomp',
    ],
    [own.allowPrivilegeEscalation === false, 'may gain privileges'],
    [!own.privileged, 'is privileged'],
    [own.capabilities?.drop?.includes('ALL') ?? false, 'keeps capabilities'],
    [!own.capabilities?.add?.length, 'adds capabilities'],
    [own.readOnlyRootFilesystem === true, 'may write to its root'],
    [container.resources?.requests?.['cpu'] !== undefined, 'requests no CPU'],
    [container.resources?.requests?.['memory'] !== undefined, 'requests no memory'],
    [container.resources?.limits?.['memory'] !== undefined, 'has no memory limit'],
    [isPinned(container.image), `runs ${container.image}, whose content may change`],
  ];
  return requirements
    .filter(([met]) => !met)
    .map(([, fault]) => `${pod.owner}, container ${container.name}, ${fault}`);
}

/** Whether an image has a tag other than latest, or a digest. */
function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== 'latest';
}

function checkProbes({ owner }: Pod, container: Container): string[] {
  return (['startupProbe', 'readinessProbe', 'livenessProbe'] as const).flatMap((kind) => {
    const probe = container[kind];
    if (!probe) return [`${owner}, container ${container.name}, has no ${kind}`];
    const port = portOf(probe);
    const known = container.ports?.some(
      ({ name, containerPort }) => name === port || containerPort === port,
    );
    return port === undefined || known
      ? []
      : [`${owner}, ${kind} of ${container.name}, asks port ${port}, which it does not have`];
  });
}

function portOf({ httpGet, tcpSocket, grpc }: Handler): string | number | undefined {
  return httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
}
