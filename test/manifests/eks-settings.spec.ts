import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentsOf } from './combinations.js';
import { buildKustomization, kustomizeMissing } from './kustomize.js';
import type { KubernetesObject } from './objects.js';
import { deploy, Workbench } from './workbench.js';

const reason = kustomizeMissing();
const built = reason ? it.skip : it;

/** Values for a test in which every example of settings.env is another. */
const settings = {
  AWS_ACCOUNT_ID: '999988887777',
  AWS_REGION: 'eu-west-1',
  AVAILABILITY_ZONES: 'eu-west-1a,eu-west-1b,eu-west-1c',
  CLUSTER_NAME: 'shop-prod',
  KMS_KEY_ARN: 'arn:aws:kms:eu-west-1:999988887777:key/abc',
  API_ACCESS_CIDR: '198.51.100.7/32',
  VPC_CIDR: '10.77.0.0/16',
  BALANCER_SUBNETS: '10.77.0.0/19,10.77.32.0/19,10.77.64.0/19',
  HOST_NAME: 'pictures.example.org',
  CERTIFICATE_ARN: 'arn:aws:acm:eu-west-1:999988887777:certificate/abc',
  WAF_ACL_ARN: 'arn:aws:wafv2:eu-west-1:999988887777:regional/webacl/a/b',
  API_KEYS_SECRET: 'shop/keys',
  EFS_FILE_SYSTEM_ID: 'fs-0123456789abcdef0',
};

/** What of the examples may be left in a build: the registry, which `publish` writes. */
function examplesIn(objects: KubernetesObject[]): string[] {
  const text = JSON.stringify(objects).replaceAll(/"image":"[^"]*"/g, '');
  return ['111122223333', 'us-east-1', '10.42.', 'example.com', '00000000'].filter((example) =>
    text.includes(example),
  );
}

describe('the settings of EKS', () => {
  let workbench: Workbench;
  beforeAll(() => {
    workbench = new Workbench();
    const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(workbench.deploy, 'eks/settings/settings.env'), text.join(''));
  });
  afterAll(() => {
    workbench.remove();
  });

  it('are all that settings.env has', () => {
    const text = readFileSync(join(deploy, 'eks/settings/settings.env'), 'utf8');
    const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names).toEqual(Object.keys(settings));
  });

  built(`reach every place in the cluster, the nodes and the overlay${reason}`, async () => {
    const listed = componentsOf(join(deploy, 'overlays/eks'));
    const folders = [
      join(workbench.deploy, 'eks'),
      join(workbench.deploy, 'eks/karpenter'),
      workbench.overlay('eks', [...listed, 'model-store', 'model-store/efs']),
    ];
    const builds = await Promise.all(folders.map(buildKustomization));
    const objects = builds.flat();
    expect(examplesIn(objects)).toEqual([]);
    const text = JSON.stringify(objects);
    const values = Object.values(settings).flatMap((value) => value.split(','));
    expect(values.filter((value) => !text.includes(value))).toEqual([]);
    expect(objects.map(({ metadata }) => metadata.name)).not.toContain('eks-settings');
    const config = objects.find(({ metadata }) => metadata.name.startsWith('gateway-config'));
    expect(config).toMatchObject({ data: { TRUSTED_PROXIES: settings.BALANCER_SUBNETS } });
  });

  built(`let Karpenter's policies and role end in the cluster's name${reason}`, async () => {
    const text = JSON.stringify(await buildKustomization(join(workbench.deploy, 'eks')));
    const role = 'arn:aws:iam::999988887777:role/KarpenterNodeRole-shop-prod';
    expect(text).toContain(`"${role}"`);
    expect(text.match(/:policy\/KarpenterController[A-Za-z]+-shop-prod"/g)).toHaveLength(6);
  });
});

describe("the check against eksctl's schema", () => {
  const definitions = {
    Cluster: {
      required: ['kind'],
      properties: {
        kind: { type: 'string', enum: ['ClusterConfig'] },
        zones: { type: 'array', items: { type: 'string' } },
        nodes: { $ref: '#/definitions/Nodes', description: 'which' },
      },
      preferredOrder: ['kind'],
      additionalProperties: false,
    },
    Nodes: { properties: { labels: { additionalProperties: { type: 'string' } } } },
  };
  const check = (schema: object, text: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'schema-'));
    const path = join(folder, 'schema.json');
    writeFileSync(path, JSON.stringify(schema));
    const script = join(import.meta.dirname, 'check-schema.js');
    const { stderr, status } = spawnSync(process.execPath, [script, path], { input: text });
    rmSync(folder, { recursive: true });
    expect(status === 0).toBe(stderr.length === 0);
    return stderr.toString();
  };
  const cases: { name: string; text: string; fault: string }[] = [
    { name: 'what fits', text: 'kind: ClusterConfig\nzones: [a]\n', fault: '' },
    { name: 'a missing field', text: 'zones: []\n', fault: 'kind is missing' },
    { name: 'a misspelt field', text: 'kind: ClusterConfig\nzone: a\n', fault: 'zone is unknown' },
    { name: 'another value', text: 'kind: Cluster\n', fault: '/kind: Expected one of' },
    {
      name: 'another type',
      text: 'kind: ClusterConfig\nzones: [1]\n',
      fault: '/zones/0: Expected',
    },
    {
      name: 'another type deep down',
      text: 'kind: ClusterConfig\nnodes: {labels: {gpu: true}}\n',
      fault: '/nodes/labels/gpu: Expected string but found true',
    },
  ];
  it.each(cases)('tells $name', ({ text, fault }) => {
    const told = check({ $ref: '#/definitions/Cluster', definitions }, text);
    if (fault) expect(told).toContain(fault);
    else expect(told).toBe('');
  });

  it('passes nothing by a keyword that it does not know', () => {
    expect(check({ minProperties: 1 }, 'kind: a\n')).toContain('minProperties is not known');
  });
});
