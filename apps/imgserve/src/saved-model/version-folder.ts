import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The SavedModel's own folder: the given one, or its newest version.
 *
 * @param folder `NAME/VERSION`, or `NAME` with versions in it
 * @returns undefined where neither holds a `saved_model.pb`
 */
export async function findSavedModel(folder: string): Promise<string | undefined> {
  if (await holdsSavedModel(folder)) return folder;
  const names = await readdir(folder).catch(() => []);
  const versions = names
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(BigInt(b) - BigInt(a)));
  for (const version of versions) {
    const inside = join(folder, version);
    if (await holdsSavedModel(inside)) return inside;
  }
  return undefined;
}

function holdsSavedModel(folder: string): Promise<boolean> {
  return stat(join(folder, 'saved_model.pb')).then(
    (found) => found.isFile(),
    () => false,
  );
}
