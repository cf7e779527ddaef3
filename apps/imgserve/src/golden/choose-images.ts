import { relative } from 'node:path';
import { InputError } from '../frame/index.js';
import { findImages } from '../images/find-images.js';

/** An image of the user's, and what its copy is called. */
export interface NamedImage {
  readonly path: string;
  readonly name: string;
}

/**
 * So many images of a folder, spread over it, so that each class of a data set has its share.
 *
 * @throws InputError where there is none
 */
export async function chooseImages(
  folder: string,
  count: number,
): Promise<{ readonly images: readonly NamedImage[]; readonly total: number }> {
  const paths: string[] = [];
  try {
    for await (const path of findImages([folder])) paths.push(path);
  } catch (error) {
    throw new InputError((error as Error).message, { cause: error });
  }
  if (paths.length === 0) throw new InputError(`${folder}: expected images`);
  const step = Math.max(1, paths.length / count);
  const chosen = Array.from(
    { length: Math.min(count, paths.length) },
    (_, index) => paths[Math.floor(index * step)]!,
  );
  const taken = new Set<string>();
  const images = chosen.map((path) => ({ path, name: nameOf(relative(folder, path), taken) }));
  return { images, total: paths.length };
}

/** One name for a path, without folders, that no other has: file systems may not tell case apart. */
function nameOf(path: string, taken: Set<string>): string {
  const plain = path.split(/[/\\]/).join('-') || 'image';
  for (let number = 1; ; number++) {
    const name = number === 1 ? plain : `${number}-${plain}`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
