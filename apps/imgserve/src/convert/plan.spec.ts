import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, UsageError } from '../frame/index.js';
import { planOf } from './plan.js';

const SPEC = `
name: mine
image: { size: [96, 64], resample: bicubic, fit: stretch, scaling: { scale: 2, offset: -1 } }
scores: logits
labels: [a, b]
`;
const FROM_SPEC = {
  scaling: { scale: 2, offset: -1 },
  resample: 'bicubic',
  fit: 'stretch',
  size: '96x64',
};

let folder: string;
let source: string;
let mine: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convert-'));
  source = join(folder, 'my-net.keras');
  mine = join(folder, 'mine');
  mkdirSync(mine);
  writeFileSync(source, '');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('what a conversion is to do', () => {
  it('is in models, under the name of the file, where nothing else is said', async () => {
    const { target, onnx, scaling } = await planOf(source, {});
    expect(target).toBe(join(process.cwd(), 'models', 'my-net', '1'));
    expect(onnx).toBe(true);
    expect(scaling).toBeUndefined();
    const named = await planOf(source, { name: 'pets' });
    expect(named.target).toBe(join(process.cwd(), 'models', 'pets', '1'));
  });

  it('is said by the spec beside the version', async () => {
    writeFileSync(join(mine, 'model.yaml'), SPEC);
    expect(await planOf(source, { out: join(mine, '2') })).toMatchObject(FROM_SPEC);
  });

  it('is said by a named spec, and by options before it', async () => {
    const spec = join(folder, 'other.yaml');
    writeFileSync(spec, SPEC);
    const options = { spec, out: join(mine, '1'), scaling: 'tf', resample: 'nearest' };
    const expected = { ...FROM_SPEC, scaling: 'tf', resample: 'nearest' };
    expect(await planOf(source, options)).toMatchObject(expected);
  });

  it('is scaled as a network of keras.applications, where one is named', async () => {
    expect((await planOf(source, { preset: 'DenseNet121' })).scaling).toBe('torch');
    await expect(planOf(source, { preset: 'LeNet' })).rejects.toThrow(/no preset LeNet/);
  });

  it('never overwrites a version', async () => {
    mkdirSync(join(mine, '1'));
    await expect(planOf(source, { out: join(mine, '1') })).rejects.toThrow(UsageError);
  });

  it.each([
    { out: 'models/mine', words: /end in a version but received models\/mine/ },
    { out: 'models/mine/01', words: /end in a version/ },
    { out: 'models/my model/1', words: /"my model" cannot be a model's name/ },
    { name: '../x y', words: /cannot be a model's name/ },
  ])('is not written to $out$name', async ({ words, ...options }) => {
    await expect(planOf(source, options)).rejects.toThrow(words);
  });

  it('needs a file that is there, and a spec that is right', async () => {
    await expect(planOf(join(folder, 'none.keras'), {})).rejects.toThrow(InputError);
    const spec = join(folder, 'wrong.yaml');
    writeFileSync(spec, SPEC.replace('bicubic', 'cubic'));
    const options = { spec, out: join(mine, '1') };
    await expect(planOf(source, options)).rejects.toThrow(/wrong\.yaml: image\.resample must be/);
  });
});
