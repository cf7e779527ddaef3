import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#project';

/** Begins to write a folder, says so, and goes on until it is stopped. */
const WRITER = `
  const frame = process.argv[1], out = process.argv[2], heeds = process.argv[3] === 'heeds';
  const { abortedBySignals } = await import(frame + '/interruption.js');
  const { writeWhole } = await import(frame + '/write-whole.js');
  const { mkdir, writeFile } = await import('node:fs/promises');
  const signal = abortedBySignals();
  setInterval(() => undefined, 1000);
  await writeWhole(out, async (part) => {
    await mkdir(part);
    await writeFile(part + '/half', 'half');
    process.stdout.write('begun');
    await new Promise((_, reject) => {
      if (heeds) signal.addEventListener('abort', () => reject(signal.reason));
    });
  }).catch(() => process.exit());
`;

describe('a program that is stopped', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'interrupted-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each<[NodeJS.Signals, string, number, number]>([
    ['SIGINT', 'heeds', 1, 130],
    ['SIGTERM', 'heeds', 1, 143],
    ['SIGINT', 'does not heed', 2, 130],
  ])('by %s, which its work %s, leaves nothing behind', async (...row) => {
    const [signal, heeds, times, exitCode] = row;
    const frame = projectPath('dist/apps/imgserve/src/frame');
    const args = ['--input-type=module', '-e', WRITER, frame, join(folder, 'out'), heeds];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(readdirSync(folder)).toHaveLength(1);
    for (let sent = 0; sent < times; sent++) {
      child.kill(signal);
      // Signals that arrive together are one.
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(await ended).toEqual([exitCode, null]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
