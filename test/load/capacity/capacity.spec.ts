import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectPath } from '#project';

const SCRIPT = projectPath('test', 'load', 'capacity', 'capacity.js');

function run(...args: string[]) {
  return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
}

/** The numbers of a row, without the spaces between thousands. */
function row(output: string, name: string): number[] {
  const line = output.split('\n').find((each) => each.startsWith(`| ${name} `)) ?? '';
  return line
    .split(' | ')
    .slice(1)
    .map((cell) => parseFloat(cell.replace(/(\d) (?=\d{3})/g, '$1')));
}

describe('the plan of capacity', () => {
  it('is in docs/capacity.md as it is computed', () => {
    const doc = readFileSync(projectPath('docs', 'capacity.md'), 'utf8');
    expect(doc).toContain(run().stdout.trim());
  });

  it('tells of each figure where it is from', () => {
    const inputs = JSON.parse(
      readFileSync(projectPath('test', 'load', 'capacity', 'inputs.json'), 'utf8'),
    ) as Record<string, { value: number; unit: string; source: string }>;
    for (const { value, unit, source } of Object.values(inputs)) {
      expect(value).toBeGreaterThan(0);
      expect(unit).not.toBe('');
      expect(source.length).toBeGreaterThan(10);
    }
  });

  it('sends a quarter of the bytes to the model as uint8, and keeps two pods of each', () => {
    const { stdout } = run('--rate', '100');
    const [float32, uint8] = row(stdout, 'to the model, Gbit/s');
    expect(float32! / uint8!).toBeCloseTo(4, 1);
    expect(row(stdout, 'gateway pods')).toEqual([2, 2]);
  });

  it('grows with the rate, and takes other figures', () => {
    const gpus = (...args: string[]) => row(run('--rate', '4800', ...args).stdout, 'GPU pods')[0];
    expect(gpus()).toBe(20);
    expect(gpus('--set', 'gpuImagesPerSecond=800')).toBe(10);
  });

  it.each([
    ['no rate', ['--rate', '0'], 'above 0'],
    ['an unknown figure', ['--set', 'gpus=3'], 'no input gpus'],
    ['a figure that is none', ['--set', 'zones=many'], 'above 0'],
  ])('refuses %s', (_name, args, words) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });
});
