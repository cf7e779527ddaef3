import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';

const project = resolve(import.meta.dirname, '../..');

/** The project's folder of manifests. */
export const deploy = join(project, 'deploy');

/** What builds read outside of `deploy`. */
const catalogue = ['kustomization.yaml', 'model.yaml'].map((name) =>
  join('models/clothing-model', name),
);

interface Kustomization {
  components?: string[];
  [field: string]: unknown;
}

/** A copy of the manifests in which overlays can be made. */
export class Workbench {
  readonly #folder = mkdtempSync(join(tmpdir(), 'manifests-'));

  /** Its folder of manifests. */
  readonly deploy = join(this.#folder, 'deploy');

  constructor() {
    for (const path of ['deploy', ...catalogue]) {
      cpSync(join(project, path), join(this.#folder, path), { recursive: true });
    }
  }

  /**
   * An overlay like `root` (`base`, or a folder of `deploy/overlays`), with these components in place
   * of those that it lists; what it has in its own folder stays, and stays last.
   *
   * @returns the folder to build.
   */
  overlay(root: string, components: string[]): string {
    const overlays = join(this.deploy, 'overlays');
    const folder = join(overlays, [root, ...components].join('+').replaceAll('/', '.'));
    const listed = components.map((name) => `../../components/${name}`);
    let kustomization: Kustomization = { namespace: 'clothing', resources: ['../../base'] };
    if (root === 'base') {
      mkdirSync(folder, { recursive: true });
    } else {
      const source = join(project, 'deploy/overlays', root);
      cpSync(source, folder, { recursive: true });
      kustomization = parse(
        readFileSync(join(source, 'kustomization.yaml'), 'utf8'),
      ) as Kustomization;
    }
    const own = (kustomization.components ?? []).filter((path) => !path.startsWith('../'));
    kustomization.components = [...listed, ...own];
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return folder;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
