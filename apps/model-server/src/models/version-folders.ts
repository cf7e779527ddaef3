import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_VERSION = 2n ** 63n - 1n;
const ABSENT: unknown[] = ['ENOENT', 'ENOTDIR'];

/** `BASE/NAME/VERSION`, whatever is in it. */
export interface VersionFolder {
  readonly version: bigint;
  readonly path: string;
}

/**
 * Folders named as versions, positive int64 numbers, under each folder of the base path, newest
 * first. Leading zeros are let through, as TF Serving does. A folder that cannot be read (such as a
 * volume's lost+found) is listed as undefined.
 * @throws Error where the base path itself cannot be read
 */
export async function listVersionFolders(
  base: string,
): Promise<Map<string, VersionFolder[] | undefined>> {
  const models = new Map<string, VersionFolder[] | undefined>();
  for (const name of await readdir(base)) {
    models.set(name, await versionFoldersIn(join(base, name)));
  }
  // Where it went away in between, its folders only seem to be gone.
  await access(base);
  return models;
}

async function versionFoldersIn(path: string): Promise<VersionFolder[] | undefined> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    return ABSENT.includes((error as NodeJS.ErrnoException).code) ? [] : undefined;
  }
  const folders = new Map<bigint, VersionFolder>();
  for (const name of names.sort()) {
    const version = /^\d{1,32}$/.test(name) ? BigInt(name) : 0n;
    if (version > 0n && version <= MAX_VERSION && !folders.has(version)) {
      folders.set(version, { version, path: join(path, name) });
    }
  }
  return [...folders.values()].sort((a, b) => (a.version < b.version ? 1 : -1));
}

/** What a version folder held at one moment. */
export interface FolderSnapshot {
  /** Equal as long as no file was added, removed or written to. */
  readonly fingerprint: string;
  /** When the latest change was made, ms since the epoch. */
  readonly changedAt: number;
}

/** @returns undefined where the folder is gone */
export async function snapshotOf(path: string): Promise<FolderSnapshot | undefined> {
  try {
    const names = await readdir(path, { recursive: true });
    const entries = ['.', ...names.sort()].map(async (name) => {
      const { size, mtimeMs, ctimeMs, ino } = await stat(join(path, name));
      return { text: [name, size, mtimeMs, ctimeMs, ino].join(':'), ctimeMs };
    });
    const files = await Promise.all(entries);
    return {
      fingerprint: files.map(({ text }) => text).join('\n'),
      // Unlike the modification time it cannot be set back, which copying tools do at their end.
      changedAt: Math.max(...files.map(({ ctimeMs }) => ctimeMs)),
    };
  } catch (error) {
    if (ABSENT.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}
