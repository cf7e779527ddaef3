import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModelSpec, parseYaml, type ModelSpec } from '#model-spec';
import { projectPath } from '#project';
import { COMMANDS } from '../commands.js';
import { runProgram } from '../frame/run-program.js';

const FIXTURES = projectPath('apps', 'imgserve', 'test-fixtures');
const CLOTHING = projectPath('models', 'clothing-model');
const EXPORTED = join(FIXTURES, 'keras', 'exported');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const out = (): string => join(folder, 'model.yaml');

async function init(
  model: string,
  labels: number | string,
  ...options: string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const file = join(folder, 'labels.txt');
  const count = typeof labels === 'number' ? labels : 0;
  const numbered = Array.from({ length: count }, (_, index) => `label ${index}`).join('\n');
  writeFileSync(file, typeof labels === 'number' ? numbered : labels);
  const texts = { stdout: '', stderr: '' };
  const screen = (name: keyof typeof texts) => ({
    write: (text: string, written?: () => void) => {
      texts[name] += text;
      written?.();
    },
  });
  const args = ['init', model, '--labels', file, '--out', out(), ...options];
  const exitCode = await runProgram(COMMANDS, args, {
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    env: {},
    version: '0',
    signal: new AbortController().signal,
  });
  return { exitCode, ...texts };
}

function written(): ModelSpec {
  return parseModelSpec(parseYaml(readFileSync(out(), 'utf8')));
}

describe('imgserve init', () => {
  it('writes a spec that the gateway loads: signature, size and scores from the graph', async () => {
    const { exitCode, stdout, stderr } = await init(CLOTHING, 10, '--preset', 'xception');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(written()).toMatchObject({
      name: 'clothing-model',
      signature: 'serving_default',
      image: {
        size: [299, 299],
        resample: 'nearest',
        fit: 'stretch',
        scaling: 'tf',
        decode: 'exact',
      },
      scores: 'logits',
    });
    expect(written().labels).toHaveLength(10);
    expect(stdout).toMatch(/Next: npx imgserve golden/);
  });

  it('writes what its own spec says of the bundled model', async () => {
    const own = parseModelSpec(parseYaml(readFileSync(join(CLOTHING, 'model.yaml'), 'utf8')));
    await init(CLOTHING, JSON.stringify(own.labels), '--preset', 'xception');
    expect(written()).toEqual(own);
  });

  it.each([
    ['a softmax', join(FIXTURES, 'two-signatures'), 2, 'probabilities', 3],
    ['an ONNX softmax', join(FIXTURES, 'tiny.onnx'), 5, 'probabilities', 0],
    ['a dense layer', EXPORTED, 5, 'logits', 0],
    ["a Keras file's activation", join(FIXTURES, 'keras', 'tiny.keras'), 5, 'logits', 0],
  ] as const)('tells scores by %s', async (_name, model, labels, scores, exitCode) => {
    const options = ['--scaling', 'unit', ...(model.includes('tiny.onnx') ? [] : ['--size', '4'])];
    const result = await init(model, labels, ...options);
    // Of the two outputs the gateway would not know which to read.
    expect(result.exitCode).toBe(exitCode);
    if (exitCode === 0) expect(written().scores).toBe(scores);
    else expect(result.stderr).toContain('expected one');
  });

  it('takes the size of the preset where the network leaves it open, and the given one first', async () => {
    await init(EXPORTED, 5, '--preset', 'EfficientNetB3');
    expect(written().image).toMatchObject({ size: [300, 300], scaling: 'none' });
    await init(EXPORTED, 5, '--preset', 'EfficientNetB3', '--size', '20x30', '--force');
    expect(written().image.size).toEqual([20, 30]);
  });

  it('writes what the options say', async () => {
    const options =
      '--scaling 0.5,-1 --resample tf-bilinear --fit crop --decode fast --scores probabilities';
    await init(EXPORTED, 5, '--name', 'mine', '--size', '9', ...options.split(' '));
    expect(written()).toMatchObject({
      name: 'mine',
      image: {
        size: [9, 9],
        resample: 'tf-bilinear',
        fit: 'crop',
        scaling: { scale: 0.5, offset: -1 },
        decode: 'fast',
      },
      scores: 'probabilities',
    });
  });

  it('names the conversion as what comes next for a Keras file', async () => {
    const model = join(FIXTURES, 'keras', 'tiny.keras');
    const { stdout } = await init(model, 5, '--preset', 'vgg16', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      file: out(),
      spec: { image: { scaling: 'caffe', size: [224, 224] } },
      scores_by: 'linear',
      next: `npx imgserve convert ${model} --spec ${out()}`,
    });
  });

  it('replaces a spec only where that is asked for', async () => {
    await init(CLOTHING, 10, '--preset', 'xception');
    const again = await init(CLOTHING, 10, '--preset', 'vgg16');
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--force') as string,
    });
    expect(written().image.scaling).toBe('tf');
  });

  it.each([
    ['no scaling', CLOTHING, 10, [], 2, /not in its file.*--preset/s],
    ['no size', EXPORTED, 5, ['--scaling', 'unit'], 2, /leaves open.*--size/s],
    ['a preset that is none', CLOTHING, 10, ['--preset', 'alexnet'], 2, /no preset.*xception/s],
    ['a scaling that is none', CLOTHING, 10, ['--scaling', 'half'], 2, /image\.scaling/],
    ['a filter that is none', CLOTHING, 10, ['--scaling', 'tf', '--resample', 'x'], 2, /resample/],
    ['too few labels', CLOTHING, 9, ['--preset', 'xception'], 3, /9 labels.*10 scores/],
    ['another size', CLOTHING, 10, ['--scaling', 'tf', '--size', '224'], 3, /299/],
    ['no such signature', CLOTHING, 10, ['--signature', 'x'], 3, /serving_default, serving_uint8/],
    ['weights alone', join(FIXTURES, 'keras', 'tiny.weights.h5'), 5, [], 3, /weights alone/],
    ['no model', projectPath('docs'), 5, [], 3, /expected a SavedModel/],
  ] as const)('refuses %s and says what to do', async (...row) => {
    const [, model, labels, options, exitCode, words] = row;
    const result = await init(model, labels, ...options);
    expect(result.stderr).toMatch(words);
    expect([result.exitCode, existsSync(out())]).toEqual([exitCode, false]);
  });
});
