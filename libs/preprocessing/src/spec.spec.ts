import { isScaling, RESAMPLES, unsupportedCombination } from './spec.js';

describe('isScaling', () => {
  it.each([
    { value: 'tf', expected: true },
    { value: 'none', expected: true },
    { value: 'TF', expected: false },
    { value: { scale: 2, offset: 0 }, expected: true },
    { value: { scale: [1, 2, 3], offset: [0, 0, 0] }, expected: true },
    { value: { scale: [1, 2, 3], offset: -1 }, expected: true },
    { value: { scale: [1, 2], offset: 0 }, expected: false },
    { value: { scale: 1 }, expected: false },
    { value: { scale: '1', offset: 0 }, expected: false },
    { value: { scale: 1e39, offset: 0 }, expected: false },
    { value: { scale: 1, offset: 0, mean: 3 }, expected: false },
    { value: [1, 0], expected: false },
    { value: null, expected: false },
    { value: undefined, expected: false },
  ])('says $expected to $value', ({ value, expected }) => {
    expect(isScaling(value)).toBe(expected);
  });
});

describe('unsupportedCombination', () => {
  it.each(RESAMPLES)('lets %s feed a float32 input', (resample) => {
    expect(unsupportedCombination({ resample }, 'float32')).toBeUndefined();
  });

  it('lets kernels that give bytes feed a uint8 input', () => {
    const fit = RESAMPLES.filter((resample) => !unsupportedCombination({ resample }, 'uint8'));
    expect(fit).toEqual([
      ...['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'],
      'tf-nearest',
    ]);
  });

  it('names the kernel that cannot and those that can', () => {
    const reason = unsupportedCombination({ resample: 'tf-area' }, 'uint8');
    expect(reason).toMatch(/tf-area .* tf-nearest\.$/);
  });
});
