import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadModel, type CatalogEntry } from '#model-spec';
import { InputError } from '../frame/index.js';
import { findSavedModel } from '../saved-model/version-folder.js';

export interface Located {
  /** The folder of `saved_model.pb`. */
  readonly version: string;
  readonly model: CatalogEntry;
}

/**
 * A SavedModel and the spec that belongs to it: in its folder, or in the one above.
 *
 * @throws InputError where either is not there or cannot be used
 */
export async function locate(folder: string, spec: string | undefined): Promise<Located> {
  const version = await findSavedModel(folder);
  if (version === undefined) {
    throw new InputError(
      `${folder}: expected a saved_model.pb, here or in the folder of a version`,
    );
  }
  const home = spec ?? (await folderWithSpec([folder, version, dirname(resolve(version))]));
  if (home === undefined) {
    throw new InputError(`${folder}: expected model.yaml here or above it`, {
      hint: 'Name it with --spec, or make one: imgserve init.',
    });
  }
  try {
    return { version, model: await loadModel(home) };
  } catch (error) {
    throw new InputError((error as Error).message, { cause: error });
  }
}

async function folderWithSpec(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const isThere = await stat(join(folder, 'model.yaml')).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return undefined;
}
