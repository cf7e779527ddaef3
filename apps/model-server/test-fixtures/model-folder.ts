import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of a version folder: the name there → the fixture that is copied to it. */
export type VersionFiles = Record<string, string>;

/** A base path of its own, filled from the fixtures. */
export class ModelFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'models-'));

  /** Adds `NAME/VERSION`, complete from its first moment on. */
  add(name: string, version: number | string, files: VersionFiles): string {
    const staged = mkdtempSync(join(this.path, '.staged-'));
    for (const [file, fixture] of Object.entries(files)) {
      copyFileSync(join(import.meta.dirname, fixture), join(staged, file));
    }
    mkdirSync(join(this.path, name), { recursive: true });
    const folder = this.versionPath(name, version);
    renameSync(staged, folder);
    return folder;
  }

  versionPath(name: string, version: number | string): string {
    return join(this.path, name, String(version));
  }

  remove(name: string, version?: number): void {
    const path = version === undefined ? join(this.path, name) : this.versionPath(name, version);
    rmSync(path, { recursive: true });
  }

  delete(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
