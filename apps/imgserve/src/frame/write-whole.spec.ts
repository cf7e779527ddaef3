import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './errors.js';
import { writeWhole, writeWholeFile } from './write-whole.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');

async function makeFolder(part: string, content: string): Promise<void> {
  await mkdir(part);
  await writeFile(join(part, 'file'), content);
}

describe('what is written whole', () => {
  it('is a file, with the folders above it', async () => {
    await writeWholeFile(join(folder, 'a', 'b.txt'), 'hello');
    expect(read('a', 'b.txt')).toBe('hello');
    expect(readdirSync(join(folder, 'a'))).toEqual(['b.txt']);
  });

  it('does not replace what is there, unless that is asked for', async () => {
    const path = join(folder, 'a.txt');
    await writeWholeFile(path, 'first');
    await expect(writeWholeFile(path, 'second')).rejects.toThrow(UsageError);
    expect(read('a.txt')).toBe('first');
    await writeWholeFile(path, 'second', { force: true });
    expect(read('a.txt')).toBe('second');
  });

  it('replaces a folder as a whole', async () => {
    const path = join(folder, 'out');
    mkdirSync(join(path, 'older'), { recursive: true });
    await writeWhole(path, (part) => makeFolder(part, 'new'), { force: true });
    expect(readdirSync(path)).toEqual(['file']);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('leaves what was there, and nothing of its own, where it fails half-way', async () => {
    const path = join(folder, 'out');
    await writeWhole(path, (part) => makeFolder(part, 'old'));
    const fails = async (part: string): Promise<void> => {
      await makeFolder(part, 'new');
      throw new Error('disk full');
    };
    await expect(writeWhole(path, fails, { force: true })).rejects.toThrow('disk full');
    expect([read('out', 'file'), readdirSync(folder)]).toEqual(['old', ['out']]);
    await expect(writeWhole(join(folder, 'other'), fails)).rejects.toThrow('disk full');
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });
});
