import {
  bfloat16FromFloat32,
  float32FromBfloat16,
  float32FromHalf,
  halfFromFloat32,
} from './index.js';

// IEEE 754-2019, table 3.5 (binary16), and the borders that rounding can cross.
const HALVES = [
  { name: 'one', value: 1, bits: 0x3c00 },
  { name: 'minus zero', value: -0, bits: 0x8000 },
  { name: 'the largest', value: 65504, bits: 0x7bff },
  { name: 'just below half a step past the largest', value: 65519.996, bits: 0x7bff },
  { name: 'half a step past the largest', value: 65520, bits: 0x7c00 },
  { name: 'infinity', value: -Infinity, bits: 0xfc00 },
  { name: 'the smallest normal', value: 2 ** -14, bits: 0x0400 },
  { name: 'a subnormal that rounds up to normal', value: 2 ** -14 - 2 ** -26, bits: 0x0400 },
  { name: 'the smallest subnormal', value: 2 ** -24, bits: 0x0001 },
  { name: 'a tie to zero', value: 2 ** -25, bits: 0x0000 },
  { name: 'just above a tie to zero', value: 2 ** -25 + 2 ** -48, bits: 0x0001 },
  { name: 'the smallest float32', value: -(2 ** -149), bits: 0x8000 },
  { name: 'a tie to even below', value: 1 + 2 ** -11, bits: 0x3c00 },
  { name: 'a tie to even above', value: 1 + 3 * 2 ** -11, bits: 0x3c02 },
];

describe('halfFromFloat32', () => {
  it.each(HALVES)('$name', ({ value, bits }) => {
    expect(halfFromFloat32(new Float32Array([value]))[0]).toBe(bits);
  });

  it('never turns a NaN into infinity', () => {
    const signalling = new Float32Array(new Uint32Array([0x7f800001]).buffer);
    expect(float32FromHalf(halfFromFloat32(signalling))[0]).toBeNaN();
  });

  it('writes into the array given, also for a part of a larger one', () => {
    const out = new Uint16Array(4);
    const source = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    expect(halfFromFloat32(source, out.subarray(1, 3)).buffer).toBe(out.buffer);
    expect([...out]).toEqual([0, 0x3c00, 0x4000, 0]);
    const floats = new Float32Array(4);
    float32FromHalf(out.subarray(1, 3), floats.subarray(2));
    expect([...floats]).toEqual([0, 0, 1, 2]);
  });

  it('refuses an array of another length', () => {
    expect(() => halfFromFloat32(new Float32Array(2), new Uint16Array(3))).toThrow(
      new RangeError('Expected out of length 2 but received 3'),
    );
  });
});

describe('bfloat16FromFloat32', () => {
  it.each([
    { name: 'a tie to even below', value: 1 + 2 ** -8, bits: 0x3f80 },
    { name: 'a tie to even above', value: 1 + 3 * 2 ** -8, bits: 0x3f82 },
    { name: 'the largest float32 rounds to infinity', value: 3.4028234663852886e38, bits: 0x7f80 },
    { name: 'NaN', value: NaN, bits: 0x7fc0 },
  ])('$name', ({ value, bits }) => {
    expect(bfloat16FromFloat32(new Float32Array([value]))[0]).toBe(bits);
  });

  it('widens to the same value', () => {
    const values = new Float32Array([0, -1.5, 2 ** 100]);
    expect(float32FromBfloat16(bfloat16FromFloat32(values))).toEqual(values);
  });
});
