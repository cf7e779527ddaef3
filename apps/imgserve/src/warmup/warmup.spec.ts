import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '#project';
import { fromTensorProto, type Tensor } from '#tensor';
import type { Context } from '../frame/index.js';
import { predictionLog } from '../saved-model/messages.js';
import { crc32c } from './crc32c.js';
import { warmup } from './warmup.js';
import { recordPieces } from './tf-record.js';
import { WARMUP_FILE } from './write-warmup.js';

const MODEL = projectPath('models', 'clothing-model');

interface GoldenFile {
  images: { file: string; tensor: { sha256: string } }[];
}

const golden = JSON.parse(readFileSync(join(MODEL, 'golden', 'golden.json'), 'utf8')) as GoldenFile;

let folder: string;
const notes: string[] = [];
const context: Context = {
  signal: new AbortController().signal,
  progress: { tell: () => undefined, clear: () => undefined },
  env: {},
  note: (message) => notes.push(message),
  line: () => Promise.resolve(),
};

beforeEach(() => {
  notes.length = 0;
  folder = join(mkdtempSync(join(tmpdir(), 'warmup-')), 'clothing-model');
  mkdirSync(join(folder, '1'), { recursive: true });
  cpSync(join(MODEL, '1', 'saved_model.pb'), join(folder, '1', 'saved_model.pb'));
  cpSync(join(MODEL, 'model.yaml'), join(folder, 'model.yaml'));
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

function withGolden(): void {
  cpSync(join(MODEL, 'golden'), join(folder, 'golden'), { recursive: true });
}

/** The data of each record; checksums are held by Python's own reader in test/parity. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const end = at + 12 + Number(file.readBigUInt64LE(at));
    found.push(file.subarray(at + 12, end));
    at = end + 4;
  }
  return found;
}

interface Request {
  signature: string;
  name: string;
  alias: string;
  tensor: Tensor;
}

function requests(): Request[] {
  return records(readFileSync(join(folder, '1', WARMUP_FILE))).map((record) => {
    const request = predictionLog.deserialize(record).predictLog!.request!;
    const [[alias, tensor]] = Object.entries(request.inputs!) as [[string, object]];
    const { signatureName: signature = '', name = '' } = request.modelSpec!;
    return { signature, name, alias, tensor: fromTensorProto(tensor) };
  });
}

function sha256({ data }: Tensor): string {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

const shaOf = (file: string): string =>
  golden.images.find((image) => image.file === file)!.tensor.sha256;

describe('a TFRecord', () => {
  it('has the checksums that others compute', () => {
    // RFC 3720, B.4, and the check value of the CRC catalogue; the masked one is in TensorFlow's file below.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it("is byte for byte as TensorFlow's writer has it", () => {
    const file = readFileSync(join(MODEL, '1', WARMUP_FILE));
    const again = records(file).flatMap((record) => recordPieces(record));
    expect(Buffer.concat(again).equals(file)).toBe(true);
  });
});

describe('imgserve warmup', () => {
  it('asks each signature with a golden image as the gateway would send it', async () => {
    withGolden();
    const report = await warmup([folder], { count: 1 }, context);
    const [floats, bytes] = requests();
    expect(floats).toMatchObject({
      signature: 'serving_default',
      name: 'clothing-model',
      alias: 'input_8',
      tensor: { dtype: 'DT_FLOAT', shape: [1, 299, 299, 3] },
    });
    expect(sha256(floats!.tensor)).toBe(shaOf('dress.jpg'));
    expect(bytes).toMatchObject({
      signature: 'serving_uint8',
      tensor: { dtype: 'DT_UINT8', shape: [1, 299, 299, 3] },
    });
    expect(report.json).toMatchObject({ requests: 2, images: ['dress.jpg'], skipped: [] });
  });

  it('asks for each size of a batch, with the images in turn', async () => {
    const images = ['shoes.jpg', 'skirt.webp', 't-shirt.png'].map((file) =>
      join(MODEL, 'golden', file),
    );
    const options = { images, count: 2, batchSize: [1, 2], signature: ['serving_default'] };
    await warmup([join(folder, '1')], options, context);
    const rows = requests().flatMap(({ tensor }) => {
      const row = tensor.data.length / tensor.shape[0]!;
      return Array.from({ length: tensor.shape[0]! }, (_, index) =>
        sha256({
          ...tensor,
          data: (tensor.data as Float32Array).slice(index * row, (index + 1) * row),
        }),
      );
    });
    const expected = [
      'shoes.jpg',
      'skirt.webp',
      'shoes.jpg',
      'skirt.webp',
      't-shirt.png',
      'shoes.jpg',
    ];
    expect(rows).toEqual(expected.map(shaOf));
  });

  it('draws an image where there is none', async () => {
    const report = await warmup([folder], { count: 1, signature: ['serving_default'] }, context);
    expect(report.json).toMatchObject({ requests: 1, images: ['drawn'] });
    const [{ tensor }] = requests() as [Request];
    expect(new Set(tensor.data as Float32Array).size).toBeGreaterThan(50);
  });

  it('replaces what is there only when told to', async () => {
    await warmup([folder], { count: 1 }, context);
    await expect(warmup([folder], { count: 1 }, context)).rejects.toThrow(/is there already/);
    await warmup([folder], { count: 3, force: true }, context);
    expect(requests()).toHaveLength(6);
  });

  it.each([
    ['more requests than are read', { count: 501 }, /1002 requests are more than the 1000/],
    [
      'a signature that is not there',
      { count: 1, signature: ['x'] },
      /x: signature x is not among/,
    ],
    ['an image that is none', { count: 1, images: ['.'] }, /model.yaml: The image is of no/],
  ])('refuses %s, and writes nothing', async (_name, options, words) => {
    const images = 'images' in options ? [join(folder, 'model.yaml')] : undefined;
    await expect(warmup([folder], { ...options, images }, context)).rejects.toThrow(words);
    expect(() => readFileSync(join(folder, '1', WARMUP_FILE))).toThrow(/ENOENT/);
  });

  it('skips signatures that do not take the images, and says so', async () => {
    const spec = readFileSync(join(folder, 'model.yaml'), 'utf8');
    const changed = spec.replace('resample: nearest', 'resample: tf-bilinear');
    writeFileSync(join(folder, 'model.yaml'), changed);
    const report = await warmup([folder], { count: 1 }, context);
    expect(report.json).toMatchObject({ requests: 1 });
    expect(notes).toEqual([expect.stringMatching(/^serving_uint8: skipped, .*not rounded/)]);
  });
});
