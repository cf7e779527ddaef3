import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, parse } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

export interface Sample {
  readonly name: string;
  readonly file: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The pictures in a model's `samples/` folder, in the order of their names; often none. */
export function loadSamples(modelFolder: string): Sample[] {
  const folder = join(modelFolder, 'samples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const type = TYPES[extname(file).toLowerCase()];
      if (type === undefined) return [];
      return [{ name: parse(file).name, file, type, bytes: readFileSync(join(folder, file)) }];
    });
}
