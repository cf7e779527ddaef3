import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ABSENT: unknown[] = ['ENOENT', 'ENOTDIR'];

/** Each spec's text by its path in the catalogue's folder; undefined where it cannot be read. */
export type SpecTexts = ReadonlyMap<string, string | undefined>;

/**
 * Reads `NAME/model.yaml`, and `*.yaml` beside each other as a ConfigMap mounts them. Names that begin
 * with a dot are left out, among them the generations of a ConfigMap.
 *
 * @throws Error where the folder itself cannot be read
 */
export async function readSpecFiles(folder: string): Promise<SpecTexts> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const texts = new Map<string, string | undefined>();
  for (const name of names) {
    const file = /\.ya?ml$/.test(name) ? name : join(name, 'model.yaml');
    try {
      texts.set(file, await readFile(join(folder, file), 'utf8'));
    } catch (error) {
      if (!ABSENT.includes((error as NodeJS.ErrnoException).code)) texts.set(file, undefined);
    }
  }
  return texts;
}

export function areSame(a: SpecTexts, b: SpecTexts): boolean {
  return a.size === b.size && [...a].every(([file, text]) => b.has(file) && b.get(file) === text);
}
