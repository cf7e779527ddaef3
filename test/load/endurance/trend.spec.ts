import { trendOf } from './trend.js';

/** Rises by 1 a window around 100, with a saw of this height on it. */
const rising = (height: number) =>
  Array.from({ length: 12 }, (_, at) => 100 + at + (at % 2 === 0 ? height : -height));

describe('trendOf', () => {
  it('tells slope and rise of a line', () => {
    const { perWindow, rise, doubt, verdict } = trendOf(rising(0));
    expect([perWindow, rise, doubt].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
      1, 11, 0,
    ]);
    expect(verdict).toBe('growing');
  });

  it.each<[name: string, values: number[], verdict: string]>([
    ['a rise beyond the noise', rising(2), 'growing'],
    ['a rise within the noise', rising(-20), 'flat'],
    ['a rise that is sure but small', rising(0).map((value) => value + 1000), 'flat'],
    ['a fall', rising(0).reverse(), 'flat'],
    ['the same value all along', Array<number>(12).fill(100), 'flat'],
    ['five values', [1, 2, 3, 4, 5], 'too few to say'],
  ])('of %s', (_name, values, verdict) => {
    expect(trendOf(values).verdict).toBe(verdict);
  });
});
