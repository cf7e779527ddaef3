import { rmSync } from 'node:fs';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from './errors.js';

/** What has been begun and not finished: removed with the process, however it ends. */
const begun = new Set<string>();

process.on('exit', () => {
  for (const path of begun) rmSync(path, { recursive: true, force: true });
});

export interface WriteOptions {
  /** Whether what is there already may be replaced. */
  readonly force?: boolean | undefined;
}

/**
 * Writes a file whole or not at all.
 *
 * @throws UsageError where it is there already and may not be replaced
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  options?: WriteOptions,
): Promise<void> {
  await writeWhole(path, (part) => writeFile(part, content), options);
}

/**
 * Makes a file or a folder whole or not at all: beside its place, and put there once it is complete.
 *
 * @param make given the path to write to, of which nothing is there yet
 * @throws UsageError where the place is taken and may not be; whatever `make` throws
 */
export async function writeWhole(
  path: string,
  make: (part: string) => Promise<unknown>,
  { force = false }: WriteOptions = {},
): Promise<void> {
  const target = resolve(path);
  if (!force && (await exists(target))) throw takenError(path);
  const part = besides(target, 'part');
  begun.add(part);
  try {
    await mkdir(dirname(target), { recursive: true });
    await make(part);
    await putInPlace(part, target);
  } finally {
    await rm(part, { recursive: true, force: true });
    begun.delete(part);
  }
}

/** Ends where something is there that may not be replaced: to be asked before long work. */
export async function expectFree(path: string, { force = false }: WriteOptions): Promise<void> {
  if (!force && (await exists(path))) throw takenError(path);
}

/** A rename replaces a file at once, but no folder: that steps aside first. */
async function putInPlace(part: string, target: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    await rename(part, target);
    return;
  }
  const old = besides(target, 'old');
  await rename(target, old);
  try {
    await rename(part, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

function takenError(path: string): UsageError {
  return new UsageError(`${path} is there already`, { hint: 'Use --force to replace it.' });
}

function besides(target: string, kind: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}.${kind}`);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
