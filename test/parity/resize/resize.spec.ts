import { readFileSync } from 'node:fs';
import {
  FITS,
  normalize,
  RESAMPLES,
  resize,
  type Fit,
  type Pixels,
  type Resample,
  type Scaling,
} from '#preprocessing';
import { projectPath } from '#project';
import { digest, sizeOf } from './vectors.js';
import { drawSource } from './source.js';

interface Vectors {
  readonly resize: Record<string, Record<string, string>>;
  readonly scaling: Record<string, { readonly bytes: string; readonly floats: string }>;
}

const vectors = JSON.parse(
  readFileSync(projectPath('test', 'parity', 'vectors', 'resize.json'), 'utf8'),
) as Vectors;

describe('resize gives the very bytes of Pillow, Keras and TensorFlow', () => {
  const cases = Object.entries(vectors.resize).map(([name, hashes]) => ({ name, hashes }));
  let drawn: Pixels = { width: 0, height: 0, data: new Uint8Array(0) };

  it('in vectors of every resample with every fit', () => {
    const seen = new Set(cases.flatMap(({ hashes }) => Object.keys(hashes)));
    expect(seen).toEqual(
      new Set(RESAMPLES.flatMap((resample) => FITS.map((fit) => `${resample} ${fit}`))),
    );
  });

  it.each(cases)('$name', ({ name, hashes }) => {
    const [from, to] = name.split(' to ') as [string, string];
    const [sourceWidth, sourceHeight] = sizeOf(from);
    const [width, height] = sizeOf(to);
    if (drawn.width !== sourceWidth || drawn.height !== sourceHeight) {
      drawn = drawSource(sourceWidth, sourceHeight);
    }
    const ours = Object.keys(hashes).map((kind) => {
      const [resample, fit] = kind.split(' ') as [Resample, Fit];
      return [kind, digest(resize(drawn, { size: [height, width], resample, fit }).data)];
    });
    expect(Object.fromEntries(ours)).toEqual(hashes);
  });
});

describe('normalize gives the very floats of Keras', () => {
  const scalings: Record<string, Scaling> = {
    tf: 'tf',
    torch: 'torch',
    caffe: 'caffe',
    unit: 'unit',
    none: 'none',
    'rescaling by 1/255': { scale: 1 / 255, offset: 0 },
    'rescaling to -1..1': { scale: 1 / 127.5, offset: -1 },
    'rescaling by channel': { scale: [0.017, 0.0175, 0.0174], offset: [-2.1, -2.0, -1.8] },
  };
  const pixels = drawSource(299, 299);
  const floats = resize(pixels, { size: [224, 224], resample: 'tf-bicubic', fit: 'stretch' });

  it.each(Object.entries(vectors.scaling).map(([name, hashes]) => ({ name, hashes })))(
    '$name',
    ({ name, hashes }) => {
      const scaling = scalings[name]!;
      expect({
        bytes: digest(normalize(pixels, scaling)),
        floats: digest(normalize(floats, scaling)),
      }).toEqual(hashes);
    },
  );
});
