import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoldenImage } from '#model-spec';
import { projectPath } from '#project';
import { startTestModelServer } from '../../../../test/support/stack.js';
import { PLAIN, type Context } from '../frame/index.js';
import { sha256 } from './golden-files.js';
import { turned } from './orientation.js';
import { verify } from './verify.js';
import { decoded, resized, scaled, type Way } from './way.js';

const MODEL = projectPath('models', 'clothing-model');
const SPEC_WAY: Way = {
  size: [299, 299],
  decode: 'exact',
  isOriented: false,
  background: undefined,
  resample: 'nearest',
  fit: 'stretch',
  scaling: 'tf',
  isBgr: false,
};

interface Told {
  ok: boolean;
  models: {
    failures: { image: string; stage: string; message: string; difference?: object }[];
    explanation?: { changes: string[]; explained: number; of: number };
    server?: { version: string; failures: object[] };
  }[];
}

let folder: string;
const context: Context = {
  signal: new AbortController().signal,
  progress: { tell: () => undefined, clear: () => undefined },
  env: {},
  note: () => undefined,
  line: () => Promise.resolve(),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  mkdirSync(join(folder, 'golden'));
  cpSync(join(MODEL, 'model.yaml'), join(folder, 'model.yaml'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Golden vectors as another way has them; `isStaged` with the hashes of what came before the tensor. */
async function goldenOf(change: Partial<Way>, files: string[], isStaged = true): Promise<void> {
  const way = { ...SPEC_WAY, ...change };
  const images: GoldenImage[] = [];
  for (const name of files) {
    const file = readFileSync(join(MODEL, 'golden', name));
    writeFileSync(join(folder, 'golden', name), file);
    const pixels = await decoded(file, way);
    const picture = resized(pixels, way);
    const { width, height } = pixels;
    const stages = {
      decoded: { width, height, sha256: sha256(pixels.data) },
      resized: { sha256: sha256(picture.data) },
    };
    const tensor = {
      dtype: 'DT_FLOAT',
      shape: [...way.size, 3],
      sha256: sha256(scaled(picture, way, 'DT_FLOAT')!),
    };
    images.push({ file: name, tensor, scores: {}, ...(isStaged && { stages }) });
  }
  const golden = { made_with: {}, scores_tolerance: 0.005, images };
  writeFileSync(join(folder, 'golden', 'golden.json'), JSON.stringify(golden));
}

async function told(options = {}): Promise<Told['models'][number] & { ok: boolean; text: string }> {
  const report = await verify([[folder]], options, context);
  const { ok, models } = report.json as Told;
  expect(report.isFailed).toBe(!ok);
  return { ...models[0]!, ok, text: report.text(PLAIN) };
}

const PICTURES = ['dress.jpg', 'shorts-turned.jpg', 'hat-alpha.png'];

describe('imgserve verify', () => {
  it("finds the bundled model's images as Keras has them", async () => {
    const report = await verify([[]], {}, context);
    expect(report.json).toEqual({
      ok: true,
      models: [{ model: 'clothing-model', images: 18, failures: [] }],
    });
  });

  it.each([
    ['another resampling', { resample: 'bilinear' }, 'resize', ['resample: bilinear']],
    ['another fit', { fit: 'pad' }, 'resize', ['fit: pad']],
    ['another scaling', { scaling: 'caffe' }, 'scaling', ['scaling: caffe']],
    [
      'a rescaling that is nearly the one of the spec',
      { scaling: { scale: 1 / 127.5, offset: -1 } },
      'scaling',
      ['scaling: {scale: 0.00784313725490196, offset: -1}'],
    ],
    ['channels the other way round', { isBgr: true }, 'scaling', ['channels in the order B, G, R']],
    [
      'several things at once',
      { resample: 'bicubic', scaling: 'unit', isBgr: true },
      'resize',
      ['resample: bicubic', 'scaling: unit', 'channels in the order B, G, R'],
    ],
  ] as const)('names %s, and the stage', async (_name, change, stage, changes) => {
    await goldenOf(change, PICTURES);
    const { ok, failures, explanation, text } = await told();
    expect(ok).toBe(false);
    expect(failures.map((failure) => failure.stage)).toEqual(PICTURES.map(() => stage));
    expect(explanation).toEqual({ changes, explained: 3, of: 3 });
    expect(text).toContain(`All 3 are equal with ${changes.join(', ')}.`);
  });

  it.each([
    ['EXIF orientation', { isOriented: true }, 'shorts-turned.jpg', 'EXIF orientation applied'],
    ['transparency', { background: 255 }, 'hat-alpha.png', 'transparency laid on white'],
  ])('names %s as what differs in decoding', async (_name, change, only, words) => {
    await goldenOf(change, PICTURES);
    const { failures, explanation } = await told();
    expect(failures).toEqual([expect.objectContaining({ image: only, stage: 'decode' })]);
    expect(explanation).toEqual({ changes: [words], explained: 1, of: 1 });
  });

  it('names what differs from golden vectors that have nothing but the tensors', async () => {
    await goldenOf({ resample: 'lanczos' }, PICTURES, false);
    const { failures, explanation } = await told();
    expect(failures[0]!.stage).toBe('tensor');
    expect(explanation?.changes).toEqual(['resample: lanczos']);
  });

  it('tells how far the pixels are apart, and where first', async () => {
    await goldenOf({ resample: 'bilinear' }, ['dress.jpg']);
    const way = { ...SPEC_WAY, resample: 'bilinear' } as const;
    const picture = resized(
      await decoded(readFileSync(join(MODEL, 'golden', 'dress.jpg')), way),
      way,
    );
    const { default: sharp } = await import('sharp');
    const raw = { width: 299, height: 299, channels: 3 } as const;
    const png = await sharp(picture.data as Uint8Array, { raw })
      .png()
      .toBuffer();
    writeFileSync(join(folder, 'golden', 'dress.png'), png);
    const file = join(folder, 'golden', 'golden.json');
    const golden = JSON.parse(readFileSync(file, 'utf8')) as { images: object[] };
    const image = golden.images[0] as { stages: { resized: { reference?: string } } };
    image.stages.resized.reference = 'dress.png';
    writeFileSync(file, JSON.stringify(golden));

    const nearest = resized(
      await decoded(readFileSync(join(MODEL, 'golden', 'dress.jpg')), SPEC_WAY),
      SPEC_WAY,
    );
    const apart = Array.from(nearest.data, (value, index) =>
      Math.abs(value - picture.data[index]!),
    );
    const { failures } = await told();
    expect(failures[0]!.difference).toMatchObject({
      differing: apart.filter((distance) => distance > 0).length,
      values: 299 * 299 * 3,
      maxAbs: apart.reduce((most, distance) => Math.max(most, distance), 0),
    });
    expect(failures[0]!.message).toMatch(/first at row \d+, column \d+, [RGB]: \d+, expected \d+/);
  });

  it('says so where nothing explains the difference', async () => {
    await goldenOf({}, ['shoes.jpg']);
    const file = join(folder, 'golden', 'golden.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/("shape":\[299,299,3\],"sha256":")\w{8}/, '$100000000'));
    const { explanation, text: words } = await told();
    expect(explanation).toBeUndefined();
    expect(words).toContain('Nothing was found that would make them equal.');
  });

  it('tells another size by the shape', async () => {
    await goldenOf({ size: [224, 200] }, ['shoes.jpg']);
    const { failures } = await told();
    expect(failures[0]!.message).toBe('its shape is [299, 299, 3], expected [224, 200, 3]');
  });

  it('refuses golden vectors that are none, and a model without any', async () => {
    await expect(told()).rejects.toThrow(/no golden vectors/);
    writeFileSync(join(folder, 'golden', 'golden.json'), '{"images": [{}], "scores_tolerance": 1}');
    await expect(told()).rejects.toThrow(/images\[0\]\.file is missing/);
  });

  it("holds a server's scores against the golden ones", async () => {
    const server = await startTestModelServer();
    try {
      const against = `grpc://127.0.0.1:${server.port}`;
      cpSync(join(MODEL, 'golden'), join(folder, 'golden'), { recursive: true });
      expect(await told({ against })).toMatchObject({
        ok: true,
        server: { version: '1', failures: [] },
      });
      const file = join(folder, 'golden', 'golden.json');
      const golden = JSON.parse(readFileSync(file, 'utf8')) as { images: GoldenImage[] };
      (golden.images[1]!.scores as Record<string, number>)['dress'] = 0.5;
      writeFileSync(file, JSON.stringify(golden));
      const { ok, failures, server: wrong } = await told({ against });
      expect([ok, failures]).toEqual([false, []]);
      expect(wrong?.failures).toEqual([
        expect.objectContaining({ image: 'dress.jpg', stage: 'scores' }),
      ]);
    } finally {
      await server.close();
    }
    await expect(told({ against: 'grpc://127.0.0.1:1' })).rejects.toThrow(
      /clothing-model at grpc:/,
    );
  });
});

describe('EXIF orientation', () => {
  // Two columns and three rows, numbered; row by row, as EXIF has them shown upright.
  it.each([
    [2, [1, 0, 3, 2, 5, 4]],
    [3, [5, 4, 3, 2, 1, 0]],
    [4, [4, 5, 2, 3, 0, 1]],
    [5, [0, 2, 4, 1, 3, 5]],
    [6, [4, 2, 0, 5, 3, 1]],
    [7, [5, 3, 1, 4, 2, 0]],
    [8, [1, 3, 5, 0, 2, 4]],
  ])('%s is applied', (orientation, expected) => {
    const data = Uint8Array.from({ length: 18 }, (_, index) => Math.floor(index / 3));
    const shown = turned({ width: 2, height: 3, data }, orientation);
    expect(shown.width).toBe(orientation > 4 ? 3 : 2);
    expect([...shown.data].filter((_, index) => index % 3 === 0)).toEqual(expected);
  });
});
