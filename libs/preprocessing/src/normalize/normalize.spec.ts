import type { FloatPixels } from '../resize/window.js';
import { byteScale, normalize } from './normalize.js';

const pixel = { width: 1, height: 1, data: Uint8Array.of(0, 128, 255) };

function floats(...values: number[]): FloatPixels {
  return { width: values.length / 3, height: 1, data: Float32Array.from(values) };
}

describe('normalize', () => {
  it.each([
    { scaling: 'tf', expected: [-1, 0.003921628, 1] },
    { scaling: 'torch', expected: [-2.117904, 0.20518218, 2.64] },
    { scaling: 'caffe', expected: [255 - 103.939, 128 - 116.779, -123.68] },
    { scaling: 'unit', expected: [0, 0.5019608, 1] },
    { scaling: 'none', expected: [0, 128, 255] },
    { scaling: { scale: 2, offset: 1 }, expected: [1, 257, 511] },
    { scaling: { scale: [1, 2, 3], offset: [0, -1, 5] }, expected: [0, 255, 770] },
  ] as const)('scales by $scaling', ({ scaling, expected }) => {
    const scaled = Array.from(normalize(pixel, scaling));
    scaled.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
  });

  it('rounds after each step of tf, which one rounding at the end does not equal', () => {
    const bytes = { width: 85, height: 1, data: Uint8Array.from({ length: 255 }, (_, i) => i) };
    const once = Float32Array.from(bytes.data, (byte) => byte / 127.5 - 1);
    const twice = Float32Array.from(bytes.data, (byte) => Math.fround(byte / 127.5) - 1);
    expect(normalize(bytes, 'tf')).toEqual(twice);
    expect(twice).not.toEqual(once);
  });

  it.each(['tf', 'torch', 'caffe', 'unit', 'none', { scale: 0.1, offset: 3 }] as const)(
    'gives the same for a byte and for the float of its value: %j',
    (scaling) => {
      const bytes = { width: 85, height: 1, data: Uint8Array.from({ length: 255 }, (_, i) => i) };
      const same = { ...bytes, data: Float32Array.from(bytes.data) };
      expect(normalize(same, scaling)).toEqual(normalize(bytes, scaling));
    },
  );

  it.each(['tf', 'caffe', 'unit', 'none'] as const)(
    'tells the quotients that its tables of %s hold',
    (scaling) => {
      const { tables, quotients } = byteScale(scaling);
      for (const [channel, table] of tables.entries()) {
        const divisor = quotients!.divisors[channel]!;
        const mean = quotients!.means[channel]!;
        const each = Float32Array.from(table, (_, byte) => Math.fround(byte / divisor) - mean);
        expect(table).toEqual(each);
      }
    },
  );

  it.each(['torch', { scale: 2, offset: 1 }] as const)('has no quotients for %j', (scaling) => {
    expect(byteScale(scaling).quotients).toBeUndefined();
  });

  it('scales floats in place, also where caffe swaps red and blue', () => {
    const image = floats(1, 2, 3, 4, 5, 6);
    const apart = normalize(image, 'caffe');
    expect(normalize(image, 'caffe', image.data)).toBe(image.data);
    expect(image.data).toEqual(apart);
  });

  it('refuses memory of another length', () => {
    expect(() => normalize(pixel, 'tf', new Float32Array(4))).toThrow(RangeError);
  });

  it.each([
    { scale: Number.NaN, offset: 0 },
    { scale: 1, offset: Infinity },
    { scale: 1e39, offset: 0 },
  ])('refuses $scale and $offset, which float32 cannot hold', (scaling) => {
    expect(() => normalize(pixel, scaling)).toThrow(RangeError);
  });
});
