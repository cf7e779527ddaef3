import type { KubernetesObject, Pod } from './objects.js';
import { nameOf, podsOf } from './objects.js';

/** The gateway keeps idle connections this long (apps/gateway/src/http/fastify-adapter.ts). */
const keepAliveSeconds = 75;

/** Budgets of time that do not fit into each other; empty where a pod goes without failed requests. */
export function checkDrain(objects: KubernetesObject[]): string[] {
  const pods = objects.flatMap(podsOf);
  const gateway = pods.find(({ owner }) => owner === 'Deployment/gateway');
  if (!gateway) return [];
  const predictSeconds = seconds(objects, gateway, 'PREDICT_TIMEOUT_MS', 20_000);
  const delaySeconds = seconds(objects, gateway, 'SHUTDOWN_DELAY_MS', 5_000);
  return [
    ...pods.filter(({ job }) => !job).flatMap(checkPreStop),
    ...checkGrace(gateway, preStop(gateway) + delaySeconds + predictSeconds),
    ...objects.flatMap((object) => checkBalancer(object, predictSeconds)),
  ];
}

/** A setting of the gateway, from its environment or its ConfigMaps, in seconds. */
function seconds(objects: KubernetesObject[], pod: Pod, name: string, defaultMs: number): number {
  const container = pod.spec.containers[0];
  const direct = container?.env?.find((variable) => variable.name === name)?.value;
  const maps = (container?.envFrom ?? []).map(({ configMapRef }) =>
    objects.find((object) => nameOf(object) === `ConfigMap/${configMapRef?.name ?? ''}`),
  );
  const shared = maps.map((map) => map?.data?.[name]).findLast((value) => value !== undefined);
  return Number(direct ?? shared ?? defaultMs) / 1000;
}

function preStop({ spec }: Pod): number {
  return Math.max(
    0,
    ...spec.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0),
  );
}

/** Endpoints and balancers learn that a pod goes when it is already going. */
function checkPreStop(pod: Pod): string[] {
  return preStop(pod) > 0
    ? checkGrace(pod, preStop(pod) + 1)
    : [`${pod.owner} ends before anyone knows that it does`];
}

function checkGrace({ owner, spec }: Pod, needed: number): string[] {
  const grace = spec.terminationGracePeriodSeconds ?? 30;
  return grace >= needed
    ? []
    : [`${owner} is killed after ${grace} s, but needs ${needed} s to end`];
}

/** The Application Load Balancer's times around those of the gateway. */
function checkBalancer({ kind, metadata }: KubernetesObject, predictSeconds: number): string[] {
  const annotation = (name: string, attribute: string): number | undefined => {
    const text = metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`] ?? '';
    const value = text.split(',').find((part) => part.startsWith(`${attribute}=`));
    return value === undefined ? undefined : Number(value.split('=')[1]);
  };
  if (kind !== 'Ingress' || !metadata.annotations?.['alb.ingress.kubernetes.io/target-type']) {
    return [];
  }
  const idle = annotation('load-balancer-attributes', 'idle_timeout.timeout_seconds') ?? 60;
  const drain =
    annotation('target-group-attributes', 'deregistration_delay.timeout_seconds') ?? 300;
  const faults: string[] = [];
  if (idle <= predictSeconds)
    faults.push(`the balancer gives up after ${idle} s, before the gateway`);
  if (idle >= keepAliveSeconds)
    faults.push(`the gateway closes connections that the balancer keeps`);
  if (drain <= predictSeconds) faults.push(`the balancer cuts requests off after ${drain} s`);
  return faults;
}
