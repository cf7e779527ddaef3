import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { CatalogEntry, ModelSpec } from '#model-spec';
import { projectPath } from '#project';
import { InputError, UsageError, writeWhole, type Context, type Report } from '../frame/index.js';
import { findModel } from '../models/find-model.js';
import { goldenFiles, type GoldenFiles } from './golden-files.js';
import {
  FILES,
  gatewayPatch,
  kustomizationOf,
  modelsConfig,
  servingPatch,
  type Deployment,
} from './kustomization.js';

export interface ManifestOptions {
  readonly image?: string;
  readonly overlay: 'kind' | 'eks' | 'base';
  readonly server: 'tf-serving' | 'model-server';
  readonly golden: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** Of a registry, a path, a tag and a digest, as container runtimes take them. */
const IMAGE = /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@sha256:[\da-f]{64})?$/;

/** `imgserve manifest MODEL`. */
export async function manifest(
  [model]: [model: string],
  options: ManifestOptions,
  { env, note }: Context,
): Promise<Report> {
  const entry = await findModel(model, env);
  const { name } = entry.spec;
  const image = imageOf(name, options);
  const folder = options.out ?? relative(process.cwd(), projectPath('deploy', 'overlays', name));
  const spec = { key: 'model.yaml', path: 'model.yaml', content: await readSpec(entry) };
  const golden: GoldenFiles = options.golden
    ? goldenFiles(entry, spec.content.length)
    : { files: [], images: 0, kept: 0 };
  const deployment: Deployment = {
    name,
    image,
    server: options.server,
    ...(await pathsFrom(folder, options.overlay)),
    files: [spec, ...golden.files],
    isVerified: golden.kept > 0,
  };
  await writeWhole(folder, (part) => write(part, deployment), { force: options.force });
  tellWhatToMind(entry.spec, golden, options, note);
  const next = `kubectl apply -k ${folder}`;
  const { kept, images } = golden;
  return {
    json: { folder, model: name, image, overlay: options.overlay, golden: { kept, images }, next },
    text: ({ bold }) =>
      [
        `${bold(folder)}: ${name} from ${image}, over ${options.overlay}, ${kept} of ${images} golden images`,
        `Next: ${next}`,
      ].join('\n'),
  };
}

async function write(folder: string, deployment: Deployment): Promise<void> {
  await mkdir(join(folder, FILES), { recursive: true });
  const files: [name: string, content: string | Uint8Array][] = [
    ['kustomization.yaml', kustomizationOf(deployment)],
    ['gateway.yaml', gatewayPatch(deployment)],
    ['tf-serving.yaml', servingPatch(deployment)],
    ...deployment.files.map(
      ({ key, content }) => [join(FILES, key), content] as [string, Uint8Array],
    ),
  ];
  if (deployment.server === 'tf-serving') files.push(['models.config', modelsConfig(deployment)]);
  await Promise.all(files.map(([name, content]) => writeFile(join(folder, name), content)));
}

function imageOf(name: string, { image, overlay }: ManifestOptions): string {
  if (image === undefined && overlay === 'eks') {
    throw new UsageError('which image of the model the cluster is to pull has to be said', {
      hint: 'Give --image REGISTRY/NAME:TAG; deploy/eks/publish tells how images are pushed.',
    });
  }
  const chosen = image ?? `${name.toLowerCase()}:0.1.0`;
  if (IMAGE.test(chosen)) return chosen;
  throw new UsageError(`--image: expected NAME:TAG but received ${chosen}`);
}

/** Kustomize takes relative paths alone, of places as they really are. */
async function pathsFrom(
  folder: string,
  overlay: string,
): Promise<Pick<Deployment, 'resource' | 'components'>> {
  const from = await realPlaceOf(resolve(folder));
  const deploy = await realpath(projectPath('deploy'));
  const resource = join(deploy, ...(overlay === 'base' ? ['base'] : ['overlays', overlay]));
  return {
    resource: relative(from, resource),
    components: relative(from, join(deploy, 'components')),
  };
}

/** Of a path whose last parts need not be there yet. */
async function realPlaceOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return join(await realPlaceOf(dirname(path)), relative(dirname(path), path));
  }
}

/** A catalogue names it by its path there. */
async function readSpec({ file, folder }: CatalogEntry): Promise<Uint8Array> {
  const path = join(folder, basename(file));
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InputError(`${path}: expected the spec to lie there`, { cause });
  }
}

function tellWhatToMind(
  { name, traffic = [], shadow }: ModelSpec,
  { images, kept }: GoldenFiles,
  { server }: ManifestOptions,
  note: Context['note'],
): void {
  if (kept < images) {
    note(`${images - kept} golden images are left out: a ConfigMap has no room for them.`);
  }
  const labels = [...traffic, shadow].map((target) => target?.label).filter(Boolean);
  if (server === 'tf-serving' && labels.length > 0) {
    note(
      `The spec names versions by label: add version_labels for ${labels.join(', ')} to models.config.`,
    );
  }
  if (server === 'model-server') {
    note(`The image has to hold /models/${name}/VERSION/model.onnx.`);
  }
}
