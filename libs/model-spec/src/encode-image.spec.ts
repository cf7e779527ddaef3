import { Preprocessor, UnsupportedImageError } from '#preprocessing';
import { halfFromFloat32 } from '#tensor';
import { encodeImage } from './encode-image.js';
import { parseModelSpec } from './model-spec.js';
import { probeImage } from './probe-image.js';

const options = { maxPixels: 10_000, preprocessor: new Preprocessor(1) };
const spec = parseModelSpec({
  name: 'm',
  image: { size: [5, 7], scaling: 'tf' },
  scores: 'logits',
  labels: ['a'],
});
const file = probeImage(16);
/** NEAREST takes column floor(16/7/2) = 1 and row floor(16/5/2) = 1, the BMP's 14th from below. */
const FIRST_PIXEL = [128, (14 * 255) / 15, (1 * 255) / 15];

describe('encodeImage', () => {
  it('sends float signatures scaled pixels', async () => {
    const { shape, data } = await encodeImage(file, spec, 'DT_FLOAT', options);
    expect(shape).toEqual([1, 5, 7, 3]);
    expect(data).toBeInstanceOf(Float32Array);
    const scaled = FIRST_PIXEL.map((byte) => Math.fround(Math.fround(byte / 127.5) - 1));
    expect([...(data as Float32Array).slice(0, 3)]).toEqual(scaled);
  });

  it('sends half signatures the same, rounded to half', async () => {
    const floats = await encodeImage(file, spec, 'DT_FLOAT', options);
    const halves = await encodeImage(file, spec, 'DT_HALF', options);
    expect(halves).toEqual({
      dtype: 'DT_HALF',
      shape: [1, 5, 7, 3],
      data: halfFromFloat32(floats.data as Float32Array),
    });
  });

  it('does so for images that come together', async () => {
    const one = await encodeImage(file, spec, 'DT_HALF', options);
    const all = [1, 2, 3].map(() => encodeImage(file, spec, 'DT_HALF', options));
    expect(await Promise.all(all)).toEqual([one, one, one]);
  });

  it('sends byte signatures the raw pixels', async () => {
    const { dtype, data } = await encodeImage(file, spec, 'DT_UINT8', options);
    expect(dtype).toBe('DT_UINT8');
    expect([...(data as Uint8Array).slice(0, 3)]).toEqual(FIRST_PIXEL);
  });

  it('sends string signatures the file as it is', async () => {
    const tensor = await encodeImage(file, spec, 'DT_STRING', options);
    expect(tensor).toEqual({ dtype: 'DT_STRING', shape: [1], data: [file] });
  });

  it('does not send string signatures what is no image', async () => {
    const text = Buffer.from('hello');
    await expect(encodeImage(text, spec, 'DT_STRING', options)).rejects.toThrow(
      UnsupportedImageError,
    );
  });
});
