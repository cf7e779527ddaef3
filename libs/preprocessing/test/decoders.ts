import { readdirSync, readFileSync } from 'node:fs';

const PROGRAM = 'workers/process.js';

/** The processes that decode for another, of which they are children. */
export function decodersOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => told(`/proc/${pid}/task/${thread}/children`).split(' '))
    .filter((child) => child !== '' && told(`/proc/${child}/cmdline`).includes(PROGRAM))
    .map(Number);
}

/** What `/proc` tells; nothing of what has ended meanwhile. */
export function told(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
