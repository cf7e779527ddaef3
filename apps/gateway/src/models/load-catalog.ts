import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ConfigError } from '#config';
import { projectPath } from '#project';
import { parseModelSpec, type ModelSpec } from './model-spec.js';

export interface CatalogEntry {
  readonly spec: ModelSpec;
  /** Where `golden/` and `samples/` lie, if there are any. */
  readonly folder: string;
}

/**
 * Reads every spec of a catalogue folder: `NAME/model.yaml`, and `*.yaml` beside each other as a
 * ConfigMap mounts them. What else belongs to a model, its golden images and its samples, lies
 * beside its spec; for a spec of the second kind that has neither, in the bundled folder of the
 * model's name, where there is one.
 *
 * @throws ConfigError that names every spec that cannot be used, or says that there is none
 */
export function loadCatalog(folder: string): ReadonlyMap<string, CatalogEntry> {
  const files = specFiles(folder);
  if (files.length === 0)
    throw new ConfigError([`MODEL_CATALOG: expected model specs in ${folder}`]);
  const faults: string[] = [];
  const catalog = new Map<string, CatalogEntry>();
  for (const file of files) {
    try {
      const spec = parseModelSpec(parse(readFileSync(file, 'utf8')));
      if (catalog.has(spec.name)) throw new Error(`a second model of the name ${spec.name}`);
      catalog.set(spec.name, { spec, folder: folderOf(file, spec.name, folder) });
    } catch (error) {
      faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return catalog;
}

function folderOf(file: string, name: string, catalogFolder: string): string {
  const folder = dirname(file);
  const bundled = projectPath('models', name);
  const isAlone = resolve(folder) === resolve(catalogFolder) && !hasImages(folder);
  return isAlone && hasImages(bundled) ? bundled : folder;
}

function hasImages(folder: string): boolean {
  return existsSync(join(folder, 'golden')) || existsSync(join(folder, 'samples'));
}

function specFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) =>
      /\.ya?ml$/.test(entry.name)
        ? join(folder, entry.name)
        : join(folder, entry.name, 'model.yaml'),
    )
    .filter((file) => existsSync(file))
    .sort();
}
