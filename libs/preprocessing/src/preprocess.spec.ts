import sharp from 'sharp';
import { ImageTooLargeError, UndecodableImageError } from './errors.js';
import { normalize } from './normalize/normalize.js';
import { preprocess } from './preprocess.js';
import type { ImageSpec } from './spec.js';

const spec: ImageSpec = {
  size: [2, 3],
  resample: 'bilinear',
  fit: 'stretch',
  scaling: 'tf',
  decode: 'exact',
};
const options = { maxPixels: 1000, output: 'float32' } as const;

function plain(value: number, width = 20, height = 10): Promise<Buffer> {
  const background = { r: value, g: value, b: value };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A 24-bit Windows bitmap of one row. */
function bmp(width: number, row: Buffer): Buffer {
  const header = Buffer.alloc(54);
  const stride = Math.ceil((width * 3) / 4) * 4;
  header.write('BM');
  header.writeUInt32LE(54 + stride, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(1, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, row, Buffer.alloc(stride - row.length)]);
}

describe('preprocess', () => {
  it('gives the scaled tensor of an encoded image', async () => {
    const tensor = await preprocess(await plain(255), spec, options);
    expect(tensor.shape).toEqual([2, 3, 3]);
    expect(tensor.data).toEqual(new Float32Array(18).fill(1));
  });

  it('gives raw pixels to a model with a uint8 input', async () => {
    const tensor = await preprocess(await plain(7), spec, { ...options, output: 'uint8' });
    expect(tensor.data).toEqual(new Uint8Array(18).fill(7));
  });

  it('scales float results', async () => {
    const tensor = await preprocess(
      await plain(51),
      { ...spec, resample: 'tf-area', scaling: 'unit' },
      options,
    );
    for (const value of tensor.data) expect(value).toBeCloseTo(0.2, 6);
  });

  it('writes to its part of a batch', async () => {
    const batch = new Float32Array(36);
    const tensor = await preprocess(await plain(255), spec, {
      ...options,
      out: batch.subarray(18),
    });
    expect(tensor.data.buffer).toBe(batch.buffer);
    expect(batch.indexOf(1)).toBe(18);
  });

  it('does not mix images that are in work at once', async () => {
    const values = [0, 51, 102, 153, 204, 255];
    const images = await Promise.all(values.map((value) => plain(value)));
    const tensors = await Promise.all(
      images.map((image) => preprocess(image, { ...spec, scaling: 'none' }, options)),
    );
    expect(tensors.map(({ data }) => [...new Set(data)])).toEqual(values.map((value) => [value]));
  });

  describe('nearest, which samples and scales in one pass', () => {
    const scalings = [
      'tf',
      'torch',
      'caffe',
      'unit',
      'none',
      { scale: 1 / 3, offset: -1 },
    ] as const;
    const cases = (['stretch', 'crop', 'pad'] as const).flatMap((fit) =>
      scalings.map((scaling) => ({ fit, scaling, name: `${fit}, ${JSON.stringify(scaling)}` })),
    );

    it.each(cases)(
      'gives what sampling and then scaling gives: $name',
      async ({ fit, scaling }) => {
        for (const [width, height] of [
          [31, 17],
          [3, 90],
          [1, 1],
          [7, 5],
        ] as const) {
          const raw = Buffer.from(
            Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 89) % 251),
          );
          const file = await sharp(raw, { raw: { width, height, channels: 3 } })
            .png()
            .toBuffer();
          const nearest = { ...spec, size: [5, 7], resample: 'nearest', fit, scaling } as const;
          const { data: bytes } = await preprocess(file, nearest, { ...options, output: 'uint8' });
          const { data } = await preprocess(file, nearest, { ...options, maxPixels: 5000 });
          const pixels = { width: 7, height: 5, data: bytes as Uint8Array };
          expect(data).toEqual(normalize(pixels, scaling));
        }
      },
    );

    it('takes a line of more pixels than a float32 can count', async () => {
      const width = 2 ** 24 + 2 ** 20 + 1;
      const raw = Buffer.from(Uint8Array.from({ length: width * 3 }, (_, i) => i % 253));
      const long = { ...spec, size: [1, 1001], resample: 'nearest', scaling: 'none' } as const;
      // A BMP, because no other format here may be as wide.
      const file = bmp(width, raw);
      const limits = { maxPixels: width };
      const bytes = await preprocess(file, long, { ...limits, output: 'uint8' });
      const floats = await preprocess(file, long, { ...limits, output: 'float32' });
      expect([...floats.data]).toEqual([...bytes.data]);
    });
  });

  it('serves models of different sizes in turn', async () => {
    const image = await plain(9);
    for (const size of [
      [40, 30],
      [2, 3],
      [40, 31],
    ] as const) {
      const tensor = await preprocess(image, { ...spec, size, scaling: 'none' }, options);
      expect(tensor.data).toEqual(new Float32Array(size[0] * size[1] * 3).fill(9));
    }
  });

  it('takes large images, raw and scaled', async () => {
    const image = await plain(51, 2000, 1100);
    const large = { maxPixels: 3_000_000 };
    const raw = await preprocess(image, spec, { ...large, output: 'uint8' });
    const scaled = await preprocess(
      image,
      { ...spec, scaling: 'none' },
      { ...large, output: 'float32' },
    );
    expect([raw.data, scaled.data]).toEqual([
      new Uint8Array(18).fill(51),
      new Float32Array(18).fill(51),
    ]);
  });

  it('tells how long decoding and resizing took', async () => {
    const { timings } = await preprocess(await plain(0), spec, options);
    expect(timings.decodeMs).toBeGreaterThanOrEqual(0);
    expect(timings.resizeMs).toBeGreaterThanOrEqual(0);
  });

  it('refuses an image of too many pixels', async () => {
    await expect(preprocess(await plain(0, 40, 40), spec, options)).rejects.toThrow(
      ImageTooLargeError,
    );
  });

  it('refuses an empty image', async () => {
    await expect(preprocess(new Uint8Array(0), spec, options)).rejects.toThrow(
      UndecodableImageError,
    );
  });

  it.each([
    { name: 'floats as bytes', spec: { ...spec, resample: 'tf-area' }, output: 'uint8' },
    { name: 'a size of no pixels', spec: { ...spec, size: [0, 1] }, output: 'float32' },
    { name: 'memory of bytes for floats', spec, output: 'float32', out: new Uint8Array(18) },
    { name: 'memory of another length', spec, output: 'float32', out: new Float32Array(17) },
  ] as const)('takes $name for the caller’s mistake', async ({ spec: wrong, output, ...rest }) => {
    const run = preprocess(await plain(0), wrong, { maxPixels: 1000, output, ...rest });
    await expect(run).rejects.toThrow(RangeError);
  });
});
