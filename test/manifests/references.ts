import type { Container, KubernetesObject, Pod } from './objects.js';
import { nameOf, podsOf, selects } from './objects.js';

/** Objects that an operator makes before, with the reason why no manifest holds them. */
const external: Record<string, string> = {
  'Secret/gateway-secrets': 'what is committed is not secret (components/secrets)',
};

interface Selector {
  matchLabels?: Record<string, string>;
}

interface ServiceSpec {
  selector?: Record<string, string>;
  ports?: { name?: string; port: number; targetPort?: string | number }[];
}

interface IngressSpec {
  ingressClassName?: string;
  rules?: {
    http?: {
      paths: {
        backend: { service?: { name: string; port: { name?: string; number?: number } } };
      }[];
    };
  }[];
}

interface Target {
  kind?: string;
  name: string;
}

interface MonitorSpec {
  selector: Selector;
  endpoints?: { port?: string }[];
  podMetricsEndpoints?: { port?: string }[];
}

/** Names of a build that point at nothing; empty where all of them hold. */
export function checkReferences(objects: KubernetesObject[]): string[] {
  const there = new Set([...objects.map(nameOf), ...objects.flatMap(madeBy)]);
  const pods = objects.flatMap(podsOf);
  // Pods that an operator makes bear the labels of its resource.
  const operated = objects
    .filter(({ kind }) => kind === 'AmazonCloudWatchAgent')
    .map(({ metadata }) => metadata.labels ?? {});
  const missing = (owner: string, target: string): string[] =>
    there.has(target) || target in external ? [] : [`${owner} needs ${target}, which is not there`];

  return [
    ...duplicates(objects),
    ...pods.flatMap((pod) => podTargets(pod).flatMap((target) => missing(pod.owner, target))),
    ...objects.flatMap((object) => [
      ...checkSelector(object),
      ...checkService(object, pods),
      ...checkIngress(object, objects),
      ...checkPodSelector(object, pods, operated),
      ...checkMonitor(object, objects, pods),
      ...scaleTargets(object).flatMap((target) => missing(nameOf(object), target)),
    ]),
    ...checkScaling(objects),
  ];
}

/** What a controller makes of an object: an ExternalSecret its Secret. */
function madeBy({ kind, metadata, spec }: KubernetesObject): string[] {
  if (kind !== 'ExternalSecret') return [];
  const { target } = spec as { target?: Partial<Target> };
  return [`Secret/${target?.name ?? metadata.name}`];
}

function duplicates(objects: KubernetesObject[]): string[] {
  const names = objects.map((object) => `${object.apiVersion} ${nameOf(object)}`);
  return names
    .filter((name, at) => names.indexOf(name) !== at)
    .map((name) => `${name} is there twice`);
}

/** ConfigMaps, Secrets, claims and service accounts that a pod cannot start without. */
function podTargets({ spec }: Pod): string[] {
  const targets: (string | undefined)[] = [];
  const add = (kind: string, reference?: { name: string; optional?: boolean }): void => {
    if (reference && !reference.optional) targets.push(`${kind}/${reference.name}`);
  };
  const account = spec.serviceAccountName;
  add('ServiceAccount', account ? { name: account } : undefined);
  for (const { configMap, secret, persistentVolumeClaim } of spec.volumes ?? []) {
    add('ConfigMap', configMap);
    add('Secret', secret && { ...secret, name: secret.secretName });
    add(
      'PersistentVolumeClaim',
      persistentVolumeClaim && { name: persistentVolumeClaim.claimName },
    );
  }
  const containers: Container[] = [...(spec.initContainers ?? []), ...spec.containers];
  for (const { env, envFrom, volumeMounts } of containers) {
    for (const { valueFrom } of env ?? []) {
      add('ConfigMap', valueFrom?.configMapKeyRef);
      add('Secret', valueFrom?.secretKeyRef);
    }
    for (const { configMapRef, secretRef } of envFrom ?? []) {
      add('ConfigMap', configMapRef);
      add('Secret', secretRef);
    }
    for (const { name } of volumeMounts ?? []) {
      if (!spec.volumes?.some((volume) => volume.name === name)) targets.push(`volume ${name}`);
    }
  }
  return targets.filter((target) => target !== undefined);
}

/** A controller whose selector misses its own pods is refused by the API. */
function checkSelector(object: KubernetesObject): string[] {
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind)) return [];
  const { selector } = object.spec as { selector: Selector };
  const labels = podsOf(object)[0]?.labels ?? {};
  return selects(selector.matchLabels, labels)
    ? []
    : [`${nameOf(object)} does not select its pods`];
}

function checkService(object: KubernetesObject, pods: Pod[]): string[] {
  if (object.kind !== 'Service') return [];
  const { selector, ports } = object.spec as ServiceSpec;
  if (!selector) return [];
  const selected = pods.filter(({ labels }) => selects(selector, labels));
  if (!selected.length) return [`${nameOf(object)} selects no pod`];
  return selected.flatMap(({ owner, spec }) =>
    (ports ?? [])
      .map(({ port, targetPort }) => targetPort ?? port)
      .filter((port) => !spec.containers.some((container) => hasPort(container, port)))
      .map((port) => `${nameOf(object)} sends to port ${port}, which ${owner} does not have`),
  );
}

function hasPort({ ports }: Container, port: string | number): boolean {
  return ports?.some(({ name, containerPort }) => name === port || containerPort === port) ?? false;
}

function checkIngress(object: KubernetesObject, objects: KubernetesObject[]): string[] {
  if (object.kind !== 'Ingress') return [];
  const { rules } = object.spec as IngressSpec;
  const backends = (rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  return backends.flatMap(({ backend: { service } }) => {
    if (!service) return [];
    const found = objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === service.name,
    );
    const ports = (found?.spec as ServiceSpec | undefined)?.ports;
    return ports?.some(
      ({ name, port }) => name === service.port.name || port === service.port.number,
    )
      ? []
      : [`${nameOf(object)} leads to ${service.name}, which has no such port`];
  });
}

/** A budget or a policy that fits no pod does nothing, and nobody is told. */
function checkPodSelector(
  object: KubernetesObject,
  pods: Pod[],
  operated: Record<string, string>[],
): string[] {
  const { selector, podSelector } = (object.spec ?? {}) as {
    selector?: Selector;
    podSelector?: Selector;
  };
  const wanted =
    object.kind === 'PodDisruptionBudget'
      ? selector
      : object.kind === 'NetworkPolicy'
        ? podSelector
        : undefined;
  if (!wanted) return [];
  return [...pods.map(({ labels }) => labels), ...operated].some((labels) =>
    selects(wanted.matchLabels, labels),
  )
    ? []
    : [`${nameOf(object)} selects no pod`];
}

function checkMonitor(
  object: KubernetesObject,
  objects: KubernetesObject[],
  pods: Pod[],
): string[] {
  if (object.kind === 'ServiceMonitor') {
    const { selector, endpoints } = object.spec as MonitorSpec;
    const services = objects.filter(
      ({ kind, metadata }) =>
        kind === 'Service' && selects(selector.matchLabels, metadata.labels ?? {}),
    );
    const ports = services.flatMap(({ spec }) => (spec as ServiceSpec).ports ?? []);
    if (!services.length) return [`${nameOf(object)} selects no Service`];
    return (endpoints ?? [])
      .filter(({ port }) => !ports.some(({ name }) => name === port))
      .map(({ port }) => `${nameOf(object)} scrapes port ${String(port)}, which no Service has`);
  }
  if (object.kind === 'PodMonitor') {
    const { selector, podMetricsEndpoints } = object.spec as MonitorSpec;
    const selected = pods.filter(({ labels }) => selects(selector.matchLabels, labels));
    if (!selected.length) return [`${nameOf(object)} selects no pod`];
    return (podMetricsEndpoints ?? [])
      .filter(
        ({ port }) =>
          !selected.some(({ spec }) => spec.containers.some((at) => hasPort(at, port ?? ''))),
      )
      .map(({ port }) => `${nameOf(object)} scrapes port ${String(port)}, which no pod has`);
  }
  return [];
}

/** What an autoscaler scales. */
function scaleTargets({ kind, spec }: KubernetesObject): string[] {
  const { scaleTargetRef, targetRef } = (spec ?? {}) as {
    scaleTargetRef?: Target;
    targetRef?: Target;
  };
  switch (kind) {
    case 'HorizontalPodAutoscaler':
    case 'ScaledObject':
      return scaleTargetRef
        ? [`${scaleTargetRef.kind ?? 'Deployment'}/${scaleTargetRef.name}`]
        : [];
    case 'InterceptorRoute':
      return [`Service/${(spec as { target: { service: string } }).target.service}`];
    case 'VerticalPodAutoscaler':
      return targetRef ? [`${targetRef.kind ?? 'Deployment'}/${targetRef.name}`] : [];
    default:
      return [];
  }
}

/** Two that scale the same pods fight, and so does a number in the manifest. */
function checkScaling(objects: KubernetesObject[]): string[] {
  const scaled = objects
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject')
    .flatMap(scaleTargets);
  const numbered = objects.filter(
    (object) =>
      scaled.includes(nameOf(object)) &&
      (object.spec as { replicas?: number }).replicas !== undefined,
  );
  return [
    ...scaled
      .filter((target, at) => scaled.indexOf(target) !== at)
      .map((target) => `${target} is scaled by two autoscalers`),
    ...numbered.map(
      (object) => `${nameOf(object)} is scaled, and its manifest sets the number back`,
    ),
  ];
}
