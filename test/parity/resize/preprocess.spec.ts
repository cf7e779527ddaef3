import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { preprocess, type Fit, type ImageSpec, type Resample, type Scaling } from '#preprocessing';
import { projectPath } from '#project';
import { digest, sizeOf } from './vectors.js';

const folder = projectPath('test', 'parity', 'vectors');
const { files } = JSON.parse(readFileSync(join(folder, 'resize.json'), 'utf8')) as {
  readonly files: Record<string, Record<string, string>>;
};

describe('preprocess gives the very tensor of Keras', () => {
  it.each(Object.entries(files).map(([name, hashes]) => ({ name, hashes })))(
    'of $name',
    async ({ name, hashes }) => {
      const bytes = readFileSync(join(folder, 'decode', name));
      const ours: Record<string, string> = {};
      for (const kind of Object.keys(hashes)) {
        const options = { maxPixels: 50_000_000, output: 'float32' } as const;
        ours[kind] = digest((await preprocess(bytes, specOf(kind), options)).data);
      }
      expect(ours).toEqual(hashes);
    },
  );
});

function specOf(kind: string): ImageSpec {
  const [size, resample, fit, scaling] = kind.split(' ') as [string, Resample, Fit, Scaling];
  const [height, width] = sizeOf(size);
  return { size: [height, width], resample, fit, scaling, decode: 'exact' };
}
