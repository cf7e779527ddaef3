import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { combinations, componentsIn, componentsOf, exclusions, order } from './combinations.js';
import { checkDrain } from './drain.js';
import { buildKustomization, kustomizeMissing } from './kustomize.js';
import { podsOf, type KubernetesObject } from './objects.js';
import { checkPods } from './pods.js';
import { checkReferences } from './references.js';
import { deploy, Workbench } from './workbench.js';

const available = componentsIn(join(deploy, 'components'));
const overlays = readdirSync(join(deploy, 'overlays'));
const reason = kustomizeMissing();
const built = reason ? it.skip : it;

/** Kinds that belong to no namespace. */
const clusterWide = ['Namespace', 'PersistentVolume', 'StorageClass'];

function checkNamespaces(objects: KubernetesObject[]): string[] {
  return objects
    .filter(({ kind, metadata }) => {
      return !clusterWide.includes(kind) && metadata.namespace !== 'clothing';
    })
    .map(({ kind, metadata }) => `${kind}/${metadata.name} is in no namespace of its own`);
}

function check(objects: KubernetesObject[]): string[] {
  return [checkNamespaces, checkPods, checkReferences, checkDrain].flatMap((one) => one(objects));
}

describe('the manifests', () => {
  let workbench: Workbench;
  beforeAll(() => {
    workbench = new Workbench();
  });
  afterAll(() => {
    workbench.remove();
  });

  /** What is wrong with each of these combinations; `audit` looks at what one overlay alone promises. */
  async function faultsOf(
    root: string,
    present: string[],
    audit: (objects: KubernetesObject[]) => string[] = () => [],
  ): Promise<string[]> {
    const faults: string[] = [];
    const waiting = combinations(available, present, root === 'base');
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const name = [root, ...next].join(' + ');
        try {
          const objects = await buildKustomization(workbench.overlay(root, next));
          const found = [...check(objects), ...audit(objects)];
          faults.push(...found.map((fault) => `${name}: ${fault}`));
        } catch (error) {
          faults.push(`${name}: ${String(error)}`);
        }
      }
    };
    await Promise.all([work(), work(), work()]);
    return faults;
  }

  it('list every component in the order of combinations.ts', () => {
    expect(available.filter((name) => !order.includes(name))).toEqual([]);
  });

  built(
    `hold for the base with each component, each two and all together${reason}`,
    async () => {
      expect(await faultsOf('base', [])).toEqual([]);
    },
    300_000,
  );

  built(
    `hold for the overlay kind with each component and all together${reason}`,
    async () => {
      const present = componentsOf(join(deploy, 'overlays/kind'));
      expect(await faultsOf('kind', present)).toEqual([]);
    },
    300_000,
  );

  built(
    `hold for the overlay eks with each component and all together, all images from ECR${reason}`,
    async () => {
      const present = componentsOf(join(deploy, 'overlays/eks'));
      const foreign = (objects: KubernetesObject[]): string[] =>
        objects
          .flatMap(podsOf)
          .flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers])
          .filter(({ image }) => !image.startsWith('111122223333.dkr.ecr.us-east-1.amazonaws.com/'))
          .map(({ image }) => `${image} is in no registry`);
      expect(await faultsOf('eks', present, foreign)).toEqual([]);
    },
    300_000,
  );

  it('have no overlay that is built nowhere here', () => {
    expect(overlays.sort()).toEqual(['eks', 'kind']);
  });

  built(`stop a build with two autoscalers of the same pods${reason}`, async () => {
    const { pair } = exclusions[0]!;
    for (const names of [pair, [...pair].reverse()]) {
      await expect(buildKustomization(workbench.overlay('base', names))).rejects.toThrow(
        'replicas',
      );
    }
  });
});
