import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { availableCpus } from './available-cpus.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('availableCpus', () => {
  it.each<[name: string, files: Record<string, string>, cpus: number]>([
    ['without a cgroup', {}, availableParallelism()],
    ['without a quota', { 'sys/fs/cgroup/cpu.max': 'max 100000\n' }, availableParallelism()],
    ['with a quota of half a CPU', { 'sys/fs/cgroup/cpu.max': '50000 100000\n' }, 1],
    [
      'with a quota of more CPUs than there are',
      { 'sys/fs/cgroup/cpu.max': '6400000 100000\n' },
      availableParallelism(),
    ],
    [
      'with a quota on a group above',
      {
        'proc/self/cgroup': '0::/pod/container\n',
        'sys/fs/cgroup/pod/container/cpu.max': 'max 100000\n',
        'sys/fs/cgroup/pod/cpu.max': '100000 100000\n',
      },
      1,
    ],
    [
      'with a quota of cgroup v1',
      {
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '90000\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      1,
    ],
    [
      'without a quota of cgroup v1',
      {
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      availableParallelism(),
    ],
  ])('%s', (_name, files, cpus) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    expect(availableCpus(root)).toBe(cpus);
  });
});
