import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadGolden } from './golden.js';
import type { CatalogEntry } from './load-catalog.js';
import { parseModelSpec } from './model-spec.js';
import { parseYaml } from './parse-yaml.js';

/**
 * One model of its own: its spec, and the golden images beside it.
 *
 * @param path a spec, or the folder that holds `model.yaml`
 * @throws Error that names the file and what is wrong with it
 */
export async function loadModel(path: string): Promise<CatalogEntry> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'model.yaml') : path;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  try {
    const spec = parseModelSpec(parseYaml(text));
    const folder = dirname(file);
    return { spec, file, folder, golden: loadGolden(folder) };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
