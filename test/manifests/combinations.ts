import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Components in the order in which an overlay lists them: some take away what others need. */
export const order = [
  // Sets the number of replicas, which the autoscalers remove.
  'high-availability',
  'autoscaling',
  'autoscaling/in-flight',
  'scale-to-zero',
  'vertical-autoscaling',
  'metrics',
  'metrics/cloudwatch',
  'gpu',
  'network-policies',
  'network-policies/traces',
  'model-store',
  'model-store/ebs',
  'model-store/efs',
  'model-store/hostpath',
  'model-store/nfs',
  // Takes away TensorFlow Serving's configuration, also from what others add.
  'model-server',
  'secrets',
  'secrets/external-secrets',
];

/** What a component changes, and so cannot do without. */
const needs: Record<string, string> = {
  'autoscaling/in-flight': 'autoscaling',
  'network-policies/traces': 'network-policies',
  'model-store/ebs': 'model-store',
  'model-store/efs': 'model-store',
  'model-store/hostpath': 'model-store',
  'model-store/nfs': 'model-store',
  'secrets/external-secrets': 'secrets',
};

/** Pairs that cannot be, and why. */
export const exclusions: { pair: [string, string]; reason: string }[] = [
  { pair: ['autoscaling', 'scale-to-zero'], reason: 'both scale the same Deployments' },
  { pair: ['gpu', 'model-server'], reason: 'the ONNX model server has no GPU image' },
  ...['ebs', 'efs', 'hostpath', 'nfs'].flatMap((one, at, all) =>
    all.slice(at + 1).map((other) => ({
      pair: [`model-store/${one}`, `model-store/${other}`] as [string, string],
      reason: 'a store is on one kind of volume',
    })),
  ),
];

/** They touch nothing that others do: a claim's class or volume, an object of their own. */
const apart = [
  'model-store/efs',
  'model-store/hostpath',
  'model-store/nfs',
  'network-policies/traces',
];

/** The components below a folder, by their paths. */
export function componentsIn(folder: string, below = ''): string[] {
  const names = readdirSync(join(folder, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(below, name));
  return names.flatMap((name) => {
    const own = existsSync(join(folder, name, 'kustomization.yaml')) ? [name] : [];
    return [...own, ...componentsIn(folder, name)];
  });
}

/** The components that a kustomization lists, without those of its own folder. */
export function componentsOf(folder: string): string[] {
  const text = readFileSync(join(folder, 'kustomization.yaml'), 'utf8');
  const { components = [] } = parse(text) as { components?: string[] };
  return components
    .filter((path) => path.startsWith('../../components/'))
    .map((path) => path.slice('../../components/'.length));
}

/** A component with all that it needs, in order. */
export function withNeeds(components: string[]): string[] {
  const all = new Set(components.flatMap((name) => [needs[name] ?? name, name]));
  return [...all].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** Whether no two of them exclude each other. */
export function areCompatible(components: string[]): boolean {
  return !exclusions.some(({ pair }) => pair.every((name) => components.includes(name)));
}

/**
 * What is built on top of `present`: nothing more, each component alone, all that go together (once
 * preferring the first of those that do not, once the last), and where `pairs`, each two of them.
 */
export function combinations(available: string[], present: string[], pairs: boolean): string[][] {
  const rest = order.filter((name) => available.includes(name) && !present.includes(name));
  const paired = pairs ? rest.filter((name) => !apart.includes(name)) : [];
  const asked = [
    [],
    ...rest.map((name) => [name]),
    ...paired.flatMap((one, at) => paired.slice(at + 1).map((other) => [one, other])),
    together(rest, present),
    together([...rest].reverse(), present),
  ];
  const built = asked
    .map((components) => withNeeds([...present, ...components]))
    .filter(areCompatible)
    .map((components) => components.join(' '));
  return [...new Set(built)].map((names) => names.split(' ').filter(Boolean));
}

function together(names: string[], present: string[]): string[] {
  return names.reduce<string[]>((chosen, name) => {
    const next = withNeeds([...chosen, name]);
    return areCompatible([...present, ...next]) ? next : chosen;
  }, []);
}
