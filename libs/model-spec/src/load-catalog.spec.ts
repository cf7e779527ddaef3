import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#project';
import { loadCatalog } from './load-catalog.js';

const BUNDLED = projectPath('models', 'clothing-model');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function copySpec(to: string): void {
  cpSync(join(BUNDLED, 'model.yaml'), join(folder, to));
}

const modelFolder = async (catalog = folder) =>
  (await loadCatalog(catalog)).get('clothing-model')!.folder;

describe("a model's golden images and samples", () => {
  it('are the bundled ones where a ConfigMap brings the spec alone', async () => {
    mkdirSync(join(folder, '..2026'));
    copySpec(join('..2026', 'clothing-model.yaml'));
    symlinkSync('..2026', join(folder, '..data'));
    symlinkSync(join('..data', 'clothing-model.yaml'), join(folder, 'clothing-model.yaml'));
    expect(await modelFolder()).toBe(BUNDLED);
    expect(await modelFolder(`${folder}/`)).toBe(BUNDLED);
  });

  it.each(['golden', 'samples'])('lie beside a spec that has its own %s', async (part) => {
    copySpec('clothing-model.yaml');
    mkdirSync(join(folder, part));
    expect(await modelFolder()).toBe(folder);
  });

  it('lie beside a spec in a folder of its own, even if there are none', async () => {
    mkdirSync(join(folder, 'clothing-model'));
    copySpec(join('clothing-model', 'model.yaml'));
    expect(await modelFolder()).toBe(join(folder, 'clothing-model'));
  });
});
