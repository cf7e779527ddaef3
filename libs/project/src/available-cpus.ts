import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * CPUs that this process may really use: those it is scheduled on, less where a cgroup's quota (a
 * container's CPU limit) is smaller. Rounded up, at least 1: with a limit of 1.5, two threads use it.
 * Node before 22 does not read the quota itself.
 */
export function availableCpus(files: string = '/'): number {
  const quota = Math.min(quotaV2(files), quotaV1(files));
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(quota)));
}

/** The smallest `cpu.max` ("quota period" or "max period") from the process's group up to the root. */
function quotaV2(files: string): number {
  const group = /^0::(.*)$/m.exec(read(join(files, 'proc/self/cgroup')))?.[1] ?? '/';
  let smallest = Infinity;
  for (let path = group; ; path = dirname(path)) {
    const [quota, period] = read(join(files, 'sys/fs/cgroup', path, 'cpu.max'))
      .split(' ')
      .map(Number);
    if (quota! > 0 && period! > 0) smallest = Math.min(smallest, quota! / period!);
    if (path === dirname(path)) return smallest;
  }
}

function quotaV1(files: string): number {
  const folder = join(files, 'sys/fs/cgroup/cpu');
  const quota = Number(read(join(folder, 'cpu.cfs_quota_us')));
  const period = Number(read(join(folder, 'cpu.cfs_period_us')));
  return quota > 0 && period > 0 ? quota / period : Infinity;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
