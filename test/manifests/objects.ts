/** An object as a manifest has it; `spec` and the like are cast where they are read. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: unknown;
  data?: Record<string, string>;
}

/** A handler of a probe, or of a container's lifecycle. */
export interface Handler {
  httpGet?: { port: string | number };
  tcpSocket?: { port: string | number };
  grpc?: { port: number };
  sleep?: { seconds: number };
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: ValueFrom }[];
  envFrom?: { configMapRef?: Reference; secretRef?: Reference }[];
  ports?: { name?: string; containerPort: number }[];
  startupProbe?: Handler;
  readinessProbe?: Handler;
  livenessProbe?: Handler;
  lifecycle?: { preStop?: Handler };
  resources?: { requests?: Record<string, unknown>; limits?: Record<string, unknown> };
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    privileged?: boolean;
    readOnlyRootFilesystem?: boolean;
    runAsNonRoot?: boolean;
    runAsUser?: number;
    capabilities?: { drop?: string[]; add?: string[] };
    seccompProfile?: { type: string };
  };
  volumeMounts?: { name: string; mountPath: string }[];
}

export interface Reference {
  name: string;
  optional?: boolean;
}

interface ValueFrom {
  configMapKeyRef?: Reference & { key: string };
  secretKeyRef?: Reference & { key: string };
}

export interface Volume {
  name: string;
  configMap?: Reference;
  secret?: { secretName: string; optional?: boolean };
  persistentVolumeClaim?: { claimName: string };
  [kind: string]: unknown;
}

export interface PodSpec {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  terminationGracePeriodSeconds?: number;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: {
    runAsNonRoot?: boolean;
    runAsUser?: number;
    seccompProfile?: { type: string };
  };
  initContainers?: Container[];
  containers: Container[];
  volumes?: Volume[];
}

/** A pod, or what a controller makes pods of. */
export interface Pod {
  /** `Deployment/gateway`, for messages. */
  owner: string;
  labels: Record<string, string>;
  spec: PodSpec;
  /** Whether it runs to an end: then it needs no probes. */
  job: boolean;
}

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec: PodSpec;
}

/** `Deployment/gateway`. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

/** The pods that an object stands for: none, or one template. */
export function podsOf(object: KubernetesObject): Pod[] {
  const pod = (template: Template, job = false): Pod[] => [
    { owner: nameOf(object), labels: template.metadata?.labels ?? {}, spec: template.spec, job },
  ];
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return pod((object.spec as { template: Template }).template);
    case 'Job':
      return pod((object.spec as { template: Template }).template, true);
    case 'CronJob':
      return pod(
        (object.spec as { jobTemplate: { spec: { template: Template } } }).jobTemplate.spec
          .template,
        true,
      );
    case 'Pod':
      return pod(object as unknown as Template);
    default:
      return [];
  }
}

/** Whether each label of the selector is among the labels. */
export function selects(
  selector: Record<string, string> | undefined,
  labels: Record<string, string>,
): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}
