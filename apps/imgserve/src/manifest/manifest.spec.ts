import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseModelSpec, parseYaml } from '#model-spec';
import { projectPath } from '#project';
import { buildKustomization, kustomizeMissing } from '../../../../test/manifests/kustomize.js';
import { podsOf, type KubernetesObject, type Pod } from '../../../../test/manifests/objects.js';
import { checkPods } from '../../../../test/manifests/pods.js';
import { checkReferences } from '../../../../test/manifests/references.js';
import { startTestGateway, startTestModelServer } from '../../../../test/support/stack.js';
import { COMMANDS } from '../commands.js';
import { runProgram } from '../frame/run-program.js';

const CLOTHING = projectPath('models', 'clothing-model');
const reason = kustomizeMissing();
const built = reason ? it.skip : it;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const out = (): string => join(folder, 'overlay');

async function manifest(
  model: string,
  ...options: string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const texts = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof texts) => ({
    write: (text: string, written?: () => void) => {
      texts[name] += text;
      written?.();
    },
  });
  const exitCode = await runProgram(COMMANDS, ['manifest', model, '--out', out(), ...options], {
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    env: {},
    version: '0',
    signal: new AbortController().signal,
  });
  return { exitCode, ...texts };
}

interface ConfigMap extends KubernetesObject {
  readonly binaryData?: Record<string, string>;
}

interface Mount {
  readonly name: string;
  readonly configMap: { readonly name: string; readonly items: { key: string; path: string }[] };
}

function configMap(objects: readonly KubernetesObject[], name: string): ConfigMap {
  return objects.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith(`${name}-`),
  ) as ConfigMap;
}

function podOf(objects: readonly KubernetesObject[], name: string): Pod['spec'] {
  const deployment = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === name,
  );
  return podsOf(deployment!)[0]!.spec;
}

/** Writes what the gateway's pod would find mounted. */
function mount(objects: readonly KubernetesObject[], to: string): void {
  const { data = {}, binaryData = {}, metadata } = configMap(objects, 'gateway-models');
  const volumes = podOf(objects, 'gateway').volumes as unknown as Mount[];
  const { configMap: mounted } = volumes.find(({ name }) => name === 'models')!;
  expect(mounted.name).toBe(metadata.name);
  for (const { key, path } of mounted.items) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    const content = data[key] ?? Buffer.from(binaryData[key]!, 'base64');
    writeFileSync(join(to, path), content);
  }
}

describe('imgserve manifest', () => {
  built(
    `gives the gateway a catalogue that it starts and verifies with${reason}`,
    async () => {
      const { exitCode, stdout } = await manifest(CLOTHING, '--image', 'mine:2', '--json');
      expect(exitCode).toBe(0);
      const { golden } = JSON.parse(stdout) as { golden: { kept: number; images: number } };
      expect(golden.kept).toBeGreaterThan(1);
      const objects = await buildKustomization(out());
      const catalogue = join(folder, 'mounted');
      mount(objects, catalogue);
      const { data = {} } = configMap(objects, 'gateway-config');
      expect(data).toMatchObject({ MODEL_NAME: 'clothing-model', VERIFY_ON_START: 'true' });
      const { MODEL_NAME, VERIFY_ON_START } = data;
      const modelServer = await startTestModelServer();
      const gateway = await startTestGateway(modelServer.port, {
        MODEL_CATALOG: catalogue,
        MODEL_NAME,
        VERIFY_ON_START,
      });
      await gateway.ready;
      const answer = await fetch(`${gateway.url}readyz`);
      expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'ok' }]);
      await gateway.close();
      await modelServer.close();
    },
    120_000,
  );

  built.each(['kind', 'eks', 'base'])(
    `serves another model over %s, and leaves the rest as it is${reason}`,
    async (overlay) => {
      const name = 'pets';
      const own = readFileSync(join(CLOTHING, 'model.yaml'), 'utf8');
      const spec = join(folder, 'model.yaml');
      writeFileSync(spec, own.replace(/^name: .*/m, `name: ${name}`));
      const image = 'registry.example:5000/team/pets:1';
      const result = await manifest(spec, '--image', image, '--overlay', overlay);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      const objects = await buildKustomization(out());
      expect(checkPods(objects)).toEqual([]);
      expect(checkReferences(objects)).toEqual([]);
      expect(podOf(objects, 'tf-serving').containers[0]!.image).toBe(image);
      const { data } = configMap(objects, 'tf-serving-config');
      expect(data!['models.config']).toContain('base_path: "/models/pets"');
      expect(Object.keys(data!)).toContain('batching.config');
      expect(configMap(objects, 'gateway-config').data).toMatchObject({
        MODEL_NAME: name,
        LOG_FORMAT: 'json',
      });
      const mounted = join(folder, 'mounted');
      mount(objects, mounted);
      expect(readdirSync(mounted)).toEqual([name]);
      const document = parseYaml(readFileSync(join(mounted, name, 'model.yaml'), 'utf8'));
      expect(parseModelSpec(document).name).toBe(name);
    },
    60_000,
  );

  built(
    `serves a model from the ONNX model server${reason}`,
    async () => {
      const { stderr } = await manifest(CLOTHING, '--server', 'model-server');
      expect(stderr).toContain('/models/clothing-model/VERSION/model.onnx');
      const objects = await buildKustomization(out());
      expect(checkReferences(objects)).toEqual([]);
      const [container] = podOf(objects, 'tf-serving').containers;
      expect([container!.image, container!.args ?? []]).toEqual(['clothing-model:0.1.0', []]);
    },
    60_000,
  );

  it('leaves out golden images that a ConfigMap has no room for, and says so', async () => {
    const model = join(folder, 'model');
    cpSync(CLOTHING, model, { recursive: true });
    const golden = join(model, 'golden', 'golden.json');
    const document = JSON.parse(readFileSync(golden, 'utf8')) as { images: { file: string }[] };
    const [first, second] = document.images as [{ file: string }, { file: string }];
    writeFileSync(join(model, 'golden', second.file), Buffer.alloc(300_000));
    writeFileSync(golden, JSON.stringify({ ...document, images: [first, second] }));
    const { stderr } = await manifest(model);
    expect(stderr).toMatch(/^1 golden images are left out/);
    const written = readFileSync(join(out(), 'files', 'golden.json'), 'utf8');
    const kept = (JSON.parse(written) as typeof document).images.map(({ file }) => file);
    expect(kept).toEqual([first.file]);
  });

  it('leaves golden images out where that is asked for', async () => {
    await manifest(CLOTHING, '--no-golden');
    expect(readdirSync(join(out(), 'files'))).toEqual(['model.yaml']);
    expect(readFileSync(join(out(), 'kustomization.yaml'), 'utf8')).not.toContain('VERIFY');
  });

  it('takes a model by its name in the catalogue, and replaces nothing unasked', async () => {
    expect(await manifest('clothing-model')).toMatchObject({ exitCode: 0 });
    expect(await manifest('clothing-model')).toMatchObject({ exitCode: 2 });
    expect(await manifest('clothing-model', '--force')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['no such model', 'nothing', [], 3, /neither a file/],
    ['no image for a cluster that pulls', CLOTHING, ['--overlay', 'eks'], 2, /--image REGISTRY/],
    ['an image that is none', CLOTHING, ['--image', 'a b'], 2, /expected NAME:TAG/],
    ['another overlay', CLOTHING, ['--overlay', 'gke'], 2, /kind, eks, base/],
  ] as const)('refuses %s', async (_name, model, options, exitCode, words) => {
    const result = await manifest(model, ...options);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toMatch(words);
  });
});
