import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '#project';
import type { PeerRecord } from './records.js';

/** One call of the kit's `bench`. */
export interface KitRun {
  /** `NAME` or `NAME=COMMAND`, apart by commas. */
  readonly peers: string;
  readonly loads: readonly { readonly kind: string; readonly concurrency: number }[];
  readonly seconds: number;
  readonly rounds: number;
  /** Where the tables go; the records go beside them. */
  readonly out: string;
  readonly dtype?: 'float' | 'uint8';
}

/** The kit's folder; undefined where it is absent. */
export function findKit(): string | undefined {
  const kit = process.env['PEERS_KIT'] ?? projectPath('..', 'shared', 'peers');
  return existsSync(join(kit, 'bench')) ? kit : undefined;
}

/** @throws Error where the kit leaves no figures */
export async function runKit(
  kit: string,
  { peers, loads, seconds, rounds, out, dtype = 'float' }: KitRun,
): Promise<{ readonly tables: string; readonly records: readonly PeerRecord[] }> {
  const plan = loads.map(({ kind, concurrency }) => `${kind}:${concurrency}:${seconds}`).join(',');
  const args = ['--peers', peers, '--loads', plan, '--rounds', String(rounds), '--out', out];
  const child = spawn(join(kit, 'bench'), args, {
    cwd: projectPath(),
    env: { ...process.env, SIGNATURE_DTYPE: dtype },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // It ends what it has started, where it may.
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  await once(child, 'exit');
  process.off('exit', end);
  const lines = readFileSync(`${out}.jsonl`, 'utf8').trim().split('\n');
  return {
    tables: readFileSync(out, 'utf8').trim(),
    records: lines.map((line) => JSON.parse(line) as PeerRecord),
  };
}
