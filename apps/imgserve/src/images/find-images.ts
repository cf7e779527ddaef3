import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** By name, for folders hold other files too; what is named itself is taken whatever it is called. */
const IMAGE_NAME = /\.(jpe?g|png|webp|gif|bmp|tiff?)$/i;

/**
 * The images that paths name: files themselves, and of folders the images in them and below, by name.
 * No image is read, and no more than one folder's names are held for each level.
 *
 * @throws Error that names the path which cannot be read
 */
export async function* findImages(
  paths: readonly string[],
): AsyncGenerator<string, void, undefined> {
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw new Error(`${path}: ${wordsOf(cause)}`, { cause });
    });
    if (found.isDirectory()) yield* imagesIn(path);
    else yield path;
  }
}

async function* imagesIn(folder: string): AsyncGenerator<string, void, undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new Error(`${folder}: ${wordsOf(cause)}`, { cause });
  });
  for (const entry of entries.filter(isVisible).sort(byName)) {
    const path = join(folder, entry.name);
    // A link to a folder is not followed: it may lead back here.
    if (entry.isDirectory()) yield* imagesIn(path);
    else if (IMAGE_NAME.test(entry.name)) yield path;
  }
}

function isVisible({ name }: Dirent): boolean {
  return !name.startsWith('.');
}

/** 2.jpg before 10.jpg. */
const { compare } = new Intl.Collator('en', { numeric: true });

function byName(a: Dirent, b: Dirent): number {
  return compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
}

function wordsOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Partial<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'it may not be read',
    EPERM: 'it may not be read',
  };
  return (code === undefined ? undefined : words[code]) ?? message;
}
