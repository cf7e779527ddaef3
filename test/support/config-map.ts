import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder that the kubelet would mount a ConfigMap or a Secret at: each key is the link `..data/KEY`,
 * and `..data` a link that is swapped from one generation to the next (atomic_writer.go).
 */
export class ConfigMapMount {
  readonly path = mkdtempSync(join(tmpdir(), 'config-map-'));
  private generation = 0;

  constructor(content: Readonly<Record<string, string>>) {
    this.update(content);
  }

  update(content: Readonly<Record<string, string>>): void {
    const name = `..generation-${++this.generation}`;
    mkdirSync(join(this.path, name));
    for (const [key, text] of Object.entries(content)) {
      writeFileSync(join(this.path, name, key), text);
    }
    symlinkSync(name, join(this.path, '..data_tmp'));
    renameSync(join(this.path, '..data_tmp'), join(this.path, '..data'));
    const links = readdirSync(this.path).filter((key) => !key.startsWith('..'));
    for (const key of Object.keys(content)) {
      if (!links.includes(key)) symlinkSync(join('..data', key), join(this.path, key));
    }
    for (const key of links) if (!(key in content)) rmSync(join(this.path, key));
    for (const old of readdirSync(this.path)) {
      if (old.startsWith('..generation-') && old !== name) {
        rmSync(join(this.path, old), { recursive: true });
      }
    }
  }

  /** Its links lead nowhere, as where a node's disk fails. */
  break(): void {
    rmSync(join(this.path, '..data'));
  }

  delete(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
