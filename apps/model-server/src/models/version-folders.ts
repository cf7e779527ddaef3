import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_VERSION = 2n ** 63n - 1n;

/** `BASE/NAME/VERSION`, whatever is in it. */
export interface VersionFolder {
  readonly version: bigint;
  readonly path: string;
}

/**
 * Folders named as versions, positive int64 numbers, under each folder of the base path, newest
 * first. Leading zeros are let through, as TF Serving does.
 * @throws Error where the base path cannot be read
 */
export async function listVersionFolders(base: string): Promise<Map<string, VersionFolder[]>> {
  const models = new Map<string, VersionFolder[]>();
  for (const name of await readdir(base)) {
    const names = await readdir(join(base, name)).catch(() => []);
    const versions = new Map<bigint, VersionFolder>();
    for (const folder of names.sort()) {
      const version = /^\d{1,32}$/.test(folder) ? BigInt(folder) : 0n;
      if (version > 0n && version <= MAX_VERSION && !versions.has(version)) {
        versions.set(version, { version, path: join(base, name, folder) });
      }
    }
    if (versions.size > 0) {
      models.set(
        name,
        [...versions.values()].sort((a, b) => (a.version < b.version ? 1 : -1)),
      );
    }
  }
  return models;
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
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
