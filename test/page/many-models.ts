import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Environment } from '#config';
import { projectPath } from '#project';
import { startStack, type Stack } from '../support/stack.js';

const MODEL = projectPath('models', 'clothing-model');

/**
 * Two models: the default one in the versions 1, which is labelled `stable`, and 2; `other` in version 1
 * alone. All have the same weights.
 */
export async function startManyModels(environment: Environment = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'many-models-'));
  const [basePath, catalog] = [join(folder, 'models'), join(folder, 'catalog')];
  const spec = parse(readFileSync(join(MODEL, 'model.yaml'), 'utf8')) as object;
  for (const [name, versions] of Object.entries({ 'clothing-model': [1, 2], other: [1] })) {
    mkdirSync(join(basePath, name), { recursive: true });
    mkdirSync(join(catalog, name), { recursive: true });
    for (const version of versions)
      symlinkSync(join(MODEL, '1'), join(basePath, name, `${version}`));
    writeFileSync(join(catalog, name, 'model.yaml'), stringify({ ...spec, name }));
  }
  symlinkSync(join(MODEL, 'samples'), join(catalog, 'clothing-model', 'samples'));
  writeFileSync(
    join(basePath, 'version_labels.yaml'),
    stringify({ 'clothing-model': { stable: 1, next: 2 } }),
  );
  const traffic = [
    { label: 'next', weight: 1 },
    { label: 'stable', weight: 0 },
  ];
  writeFileSync(
    join(catalog, 'clothing-model', 'model.yaml'),
    stringify({ ...spec, name: 'clothing-model', traffic }),
  );
  const stack = await startStack({
    MODEL_BASE_PATH: basePath,
    MODEL_CATALOG: catalog,
    ...environment,
  });
  return {
    ...stack,
    close: async () => {
      await stack.close();
      rmSync(folder, { recursive: true });
    },
  };
}
