import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalog, loadModel, type CatalogEntry } from '#model-spec';
import { projectPath } from '#project';
import { InputError } from '../frame/index.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of specs that the gateway reads where it is not told otherwise. */
function catalogFolder(env: Environment): string {
  return env['MODEL_CATALOG'] || projectPath('models');
}

/**
 * A model by the path of its spec, or of the folder that holds it, or else by its name in the catalogue.
 *
 * @param env of which MODEL_CATALOG counts
 * @throws InputError where there is none, or it cannot be used
 */
export async function findModel(model: string, env: Environment): Promise<CatalogEntry> {
  const isPath = await exists(model);
  const named = join(catalogFolder(env), model);
  if (!isPath && !/[/\\]/.test(model)) {
    const found = (await catalogModels(env)).find(({ spec }) => spec.name === model);
    if (found !== undefined) return found;
  }
  try {
    return await loadModel(isPath ? model : named);
  } catch (error) {
    if (!isPath && !(await exists(named))) {
      throw new InputError(
        `${model}: neither a file, a folder nor a model in ${catalogFolder(env)}`,
      );
    }
    throw new InputError((error as Error).message, { cause: error });
  }
}

/**
 * Every model of the catalogue.
 *
 * @throws InputError where there is none, or one cannot be used
 */
export async function catalogModels(env: Environment): Promise<readonly CatalogEntry[]> {
  try {
    return [...(await loadCatalog(catalogFolder(env))).values()];
  } catch (error) {
    throw new InputError((error as Error).message, { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
