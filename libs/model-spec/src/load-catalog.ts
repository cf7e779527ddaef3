import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '#config';
import { projectPath } from '#project';
import { loadGolden, type Golden } from './golden.js';
import { parseModelSpec, type ModelSpec } from './model-spec.js';
import { parseYaml } from './parse-yaml.js';
import { readSpecFiles, type SpecTexts } from './spec-files.js';

export interface CatalogEntry {
  readonly spec: ModelSpec;
  /** Path of the spec in the catalogue's folder. */
  readonly file: string;
  /** Where `golden/` and `samples/` lie, if there are any. */
  readonly folder: string;
  readonly golden: Golden | undefined;
}

/** What a catalogue's folder holds. */
export interface ParsedCatalog {
  /** By the model's name. */
  readonly entries: ReadonlyMap<string, CatalogEntry>;
  /** Why a spec cannot be used, in our own words, by its file. */
  readonly faults: ReadonlyMap<string, string>;
}

/**
 * Reads every spec of a catalogue folder.
 *
 * @throws ConfigError that names every spec that cannot be used, or says that there is none
 */
export async function loadCatalog(folder: string): Promise<ReadonlyMap<string, CatalogEntry>> {
  const texts = await readSpecFiles(folder).catch((): SpecTexts => new Map());
  if (texts.size === 0) throw new ConfigError([`MODEL_CATALOG: expected model specs in ${folder}`]);
  const { entries, faults } = parseCatalog(folder, texts);
  if (faults.size > 0) {
    throw new ConfigError([...faults].map(([file, fault]) => `${join(folder, file)}: ${fault}`));
  }
  return entries;
}

/**
 * What else belongs to a model, its golden images and its samples, lies beside its spec; for a spec in
 * the catalogue's folder itself that has neither, in the bundled folder of the model's name, where
 * there is one. Of two specs of one name the first in the order of the texts counts.
 */
export function parseCatalog(root: string, texts: SpecTexts): ParsedCatalog {
  const faults = new Map<string, string>();
  const entries = new Map<string, CatalogEntry>();
  for (const [file, text] of texts) {
    try {
      const spec = parseModelSpec(parseYaml(text));
      if (entries.has(spec.name)) throw new Error(`a second model of the name ${spec.name}`);
      const home = folderOf(join(root, file), spec.name, root);
      entries.set(spec.name, { spec, file, folder: home, golden: loadGolden(home) });
    } catch (error) {
      faults.set(file, error instanceof Error ? error.message : String(error));
    }
  }
  return { entries, faults };
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
