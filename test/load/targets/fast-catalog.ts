import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { projectPath } from '#project';

/** A catalogue within a folder whose clothing model is decoded by `fast`. */
export function fastCatalog(folder: string): string {
  const spec = parseDocument(
    readFileSync(projectPath('models', 'clothing-model', 'model.yaml'), 'utf8'),
  );
  spec.setIn(['image', 'decode'], 'fast');
  const catalog = join(folder, 'fast-models');
  mkdirSync(catalog);
  writeFileSync(join(catalog, 'clothing-model.yaml'), String(spec));
  return catalog;
}
