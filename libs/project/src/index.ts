import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export { availableCpus } from './available-cpus.js';

const root = findRoot(import.meta.dirname);

/** The version that package.json declares. */
export const projectVersion = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
).version;

/** An absolute path inside the project, the same from source and from dist. */
export function projectPath(...segments: string[]): string {
  return join(root, ...segments);
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
