import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#project';
import { loadModel } from './load-model.js';

const BUNDLED = projectPath('models', 'clothing-model');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('loadModel', () => {
  it.each([
    ['its folder', BUNDLED],
    ['its spec', join(BUNDLED, 'model.yaml')],
  ])('finds a model by %s, with the golden images beside it', async (_name, path) => {
    const { spec, folder: home, golden } = await loadModel(path);
    expect([spec.name, home]).toEqual(['clothing-model', BUNDLED]);
    expect(golden?.images.length).toBeGreaterThan(0);
  });

  it('takes no golden images from elsewhere', async () => {
    cpSync(join(BUNDLED, 'model.yaml'), join(folder, 'other.yaml'));
    expect((await loadModel(join(folder, 'other.yaml'))).golden).toBeUndefined();
  });

  it('names the file and what is wrong with it', async () => {
    const file = join(folder, 'model.yaml');
    await expect(loadModel(folder)).rejects.toThrow(`${file}: expected a readable file`);
    writeFileSync(file, 'name: x\n');
    await expect(loadModel(folder)).rejects.toThrow(/model\.yaml: .*labels/);
  });
});
