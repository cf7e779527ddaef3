import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readGolden, type Golden } from '#model-spec';

/**
 * Copies what lies beside the golden vectors of a folder and is none of theirs, such as the script that
 * once made them.
 */
export async function keepOthers(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => []);
  const known = new Set(['golden.json', 'references', ...filesOf(from)]);
  for (const name of names) {
    if (!known.has(name)) await cp(join(from, name), join(to, name), { recursive: true });
  }
}

function filesOf(folder: string): readonly string[] {
  let golden: Golden;
  try {
    golden = readGolden(join(folder, 'golden.json'));
  } catch {
    // None, or of another's making: nothing of it is known to be ours.
    return [];
  }
  return golden.images.map(({ file }) => file);
}
