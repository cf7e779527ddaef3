import { stringify } from 'yaml';
import type { MountedFile } from './golden-files.js';

export interface Deployment {
  readonly name: string;
  readonly image: string;
  readonly server: 'tf-serving' | 'model-server';
  /** From the folder that is written: the overlay, and `deploy/components`. */
  readonly resource: string;
  readonly components: string;
  readonly files: readonly MountedFile[];
  /** Whether readiness waits for the golden images. */
  readonly isVerified: boolean;
}

/** Where a ConfigMap's files lie beside the kustomization. */
export const FILES = 'files';

/** kustomization.yaml: what this model changes of the overlay. */
export function kustomizationOf({
  name,
  server,
  resource,
  components,
  files,
  isVerified,
}: Deployment): string {
  const isTensorFlow = server === 'tf-serving';
  const document = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'clothing',
    resources: [resource],
    ...(isTensorFlow ? {} : { components: [`${components}/model-server`] }),
    configMapGenerator: [
      // The bundled model is not served here.
      {
        name: 'gateway-models',
        behavior: 'replace',
        files: files.map(({ key }) => `${key}=${FILES}/${key}`),
      },
      {
        name: 'gateway-config',
        behavior: 'merge',
        literals: [`MODEL_NAME=${name}`, ...(isVerified ? ['VERIFY_ON_START=true'] : [])],
      },
      ...(isTensorFlow
        ? [{ name: 'tf-serving-config', behavior: 'merge', files: ['models.config'] }]
        : []),
    ],
    patches: [
      { path: 'gateway.yaml', target: { kind: 'Deployment', name: 'gateway' } },
      { path: 'tf-serving.yaml', target: { kind: 'Deployment', name: 'tf-serving' } },
    ],
  };
  const heading = `# Serves ${name}. Written by imgserve manifest from the model's spec.\n`;
  return heading + stringify(document, { lineWidth: 0 });
}

/** Mounts the model's files as the folder that they are in the repository. */
export function gatewayPatch({ name, files }: Deployment): string {
  const items = files.map(({ key, path }) => ({ key, path: `${name}/${path}` }));
  return deploymentPatch('gateway', {
    volumes: [{ name: 'models', configMap: { name: 'gateway-models', items } }],
  });
}

/** Whatever image the overlay has there. */
export function servingPatch({ image }: Deployment): string {
  return deploymentPatch('tf-serving', { containers: [{ name: 'tf-serving', image }] });
}

function deploymentPatch(name: string, podSpec: object): string {
  return stringify(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { template: { spec: podSpec } },
    },
    { lineWidth: 0 },
  );
}

/** TensorFlow Serving's, as the base's: the version before the newest stays, as a way back. */
export function modelsConfig({ name }: Deployment): string {
  return [
    'model_config_list {',
    '  config {',
    `    name: "${name}"`,
    `    base_path: "/models/${name}"`,
    '    model_platform: "tensorflow"',
    '    model_version_policy { latest { num_versions: 2 } }',
    '  }',
    '}',
    '',
  ].join('\n');
}
