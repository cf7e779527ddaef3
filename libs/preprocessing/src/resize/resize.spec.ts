import type { Pixels } from '../pixels.js';
import { FITS, RESAMPLES, type Resample } from '../spec.js';
import { resize } from './resize.js';

/** Gray pixels in one row. */
function row(...values: number[]): Pixels {
  const data = Uint8Array.from(values.flatMap((value) => [value, value, value]));
  return { width: values.length, height: 1, data };
}

function filled(width: number, height: number, value: number): Pixels {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

function reds({ data }: { readonly data: Uint8Array | Float32Array }): number[] {
  return Array.from(data).filter((_, index) => index % 3 === 0);
}

// The vectors of test/parity hold whole pictures against Pillow, Keras and TensorFlow; what is here
// can be followed by hand, or is not in them.
describe('resize', () => {
  it.each([
    { resample: 'nearest', expected: [30, 50] },
    { resample: 'box', expected: [20, 45] },
    { resample: 'bilinear', expected: [23, 43] },
    { resample: 'tf-nearest', expected: [30, 50] },
    { resample: 'tf-bilinear', expected: [20, 45] },
    { resample: 'tf-area', expected: [20, 45] },
  ] as const)('halves a row by $resample', ({ resample, expected }) => {
    const half = resize(row(10, 30, 40, 50), { size: [1, 2], resample, fit: 'stretch' });
    expect(reds(half)).toEqual(expected);
  });

  it('does not round what TensorFlow does not round', () => {
    const wider = resize(row(0, 1), { size: [1, 4], resample: 'tf-bilinear', fit: 'stretch' });
    expect(reds(wider)).toEqual([0, 0.25, 0.75, 1]);
  });

  it('copies a picture of the target size', () => {
    const source = row(1, 2, 3);
    const copy = resize(source, { size: [1, 3], resample: 'lanczos', fit: 'stretch' });
    expect(copy).toEqual(source);
    expect(copy.data).not.toBe(source.data);
  });

  it('crops the middle', () => {
    const middle = resize(row(1, 2, 3, 4), { size: [1, 2], resample: 'nearest', fit: 'crop' });
    expect(reds(middle)).toEqual([2, 3]);
  });

  it('lets a Pillow kernel see past the crop, and a TensorFlow kernel not', () => {
    const edges = row(0, 0, 100, 100, 100, 100, 200, 200);
    const cropped = (resample: Resample) =>
      reds(resize(edges, { size: [2, 8], resample, fit: 'crop' }));
    expect(cropped('bilinear').slice(0, 8)).toEqual([75, 100, 100, 100, 100, 100, 100, 125]);
    expect(cropped('tf-bilinear').slice(0, 8)).toEqual(new Array(8).fill(100));
  });

  it.each(RESAMPLES)('pads with black evenly by %s', (resample) => {
    const padded = resize(filled(4, 2, 9), { size: [4, 4], resample, fit: 'pad' });
    const rows = [0, 9, 9, 0].flatMap((value) => new Array<number>(4).fill(value));
    expect(reds(padded)).toEqual(rows);
  });

  it('pads to black alone where nothing of the picture is left, as Pillow does', () => {
    const padded = resize(filled(500, 1, 9), { size: [96, 96], resample: 'bilinear', fit: 'pad' });
    expect(padded.data.every((value) => value === 0)).toBe(true);
  });

  it('keeps one line of such a picture where TensorFlow would refuse it', () => {
    const spec = { size: [96, 96], resample: 'tf-bilinear', fit: 'pad' } as const;
    const lines = reds(resize(filled(500, 1, 9), spec));
    expect(lines.filter((value) => value === 9)).toHaveLength(96);
    expect(lines.indexOf(9)).toBe(47 * 96);
  });

  it('clears what was in the caller’s memory around a padded picture', () => {
    const out = new Uint8Array(4 * 4 * 3).fill(255);
    const padded = resize(filled(4, 2, 9), { size: [4, 4], resample: 'box', fit: 'pad' }, out);
    expect(padded.data).toBe(out);
    expect(out.subarray(0, 12)).toEqual(new Uint8Array(12));
  });

  it('gives results of their own memory', () => {
    const spec = { size: [8, 8], resample: 'bicubic', fit: 'stretch' } as const;
    const first = resize(filled(20, 20, 10), spec);
    resize(filled(20, 20, 200), spec);
    expect(new Set(first.data)).toEqual(new Set([10]));
  });

  describe.each(RESAMPLES)('by %s', (resample) => {
    it.each(FITS)('keeps a plain picture plain with %s, at any ratio', (fit) => {
      for (const [width, height] of [
        [1, 1],
        [1, 3000],
        [3000, 1],
        [7, 5],
      ] as const) {
        for (const size of [
          [1, 1],
          [33, 21],
        ] as const) {
          const values = new Set(resize(filled(width, height, 255), { size, resample, fit }).data);
          if (fit === 'pad') values.delete(0);
          const strays = [...values].filter((value) => Math.abs(value - 255) > 1e-3);
          expect({ width, height, size, strays }).toEqual({ width, height, size, strays: [] });
        }
      }
    });
  });

  it.each([
    { name: 'a size of no pixels', size: [0, 5] },
    { name: 'a size of broken pixels', size: [2.5, 5] },
    { name: 'a size that is no number', size: [Number.NaN, 5] },
    { name: 'a size that no array can hold', size: [60_000, 60_000] },
  ] as const)('refuses $name', ({ size }) => {
    const run = () => resize(filled(2, 2, 0), { size, resample: 'box', fit: 'stretch' });
    expect(run).toThrow(RangeError);
  });

  it.each([
    { name: 'too few bytes', pixels: { width: 2, height: 2, data: new Uint8Array(11) } },
    { name: 'no rows', pixels: { width: 2, height: 0, data: new Uint8Array(0) } },
  ])('refuses pixels of $name', ({ pixels }) => {
    const run = () => resize(pixels, { size: [1, 1], resample: 'box', fit: 'stretch' });
    expect(run).toThrow(RangeError);
  });

  it.each([
    { name: 'of another length', out: new Uint8Array(4) },
    { name: 'of floats for bytes', out: new Float32Array(3) },
  ])('refuses memory $name', ({ out }) => {
    const run = () =>
      resize(filled(2, 2, 0), { size: [1, 1], resample: 'box', fit: 'stretch' }, out);
    expect(run).toThrow(RangeError);
  });
});
