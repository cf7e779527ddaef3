/** A straight line through evenly spaced values, and what it says. */
export interface Trend {
  readonly perWindow: number;
  /** From the first value to the last, along the line. */
  readonly rise: number;
  /** Two standard errors of the rise. */
  readonly doubt: number;
  readonly verdict: 'growing' | 'flat' | 'too few to say';
}

const ENOUGH = 6;
/** Of the mean: less is no growth worth a word. */
const WORTH = 0.05;

/** Fits by least squares. Growing: the rise is beyond its doubt and more than 5 % of the mean. */
export function trendOf(values: readonly number[]): Trend {
  const count = values.length;
  if (count < ENOUGH) {
    return { perWindow: NaN, rise: NaN, doubt: NaN, verdict: 'too few to say' };
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const middle = (count - 1) / 2;
  const spread = sumOver(values, (_, at) => (at - middle) ** 2);
  const perWindow = sumOver(values, (value, at) => (at - middle) * (value - mean)) / spread;
  const errors = sumOver(values, (value, at) => (value - mean - perWindow * (at - middle)) ** 2);
  const rise = perWindow * (count - 1);
  const doubt = 2 * Math.sqrt(errors / (count - 2) / spread) * (count - 1);
  const growing = rise > doubt && rise > WORTH * mean;
  return { perWindow, rise, doubt, verdict: growing ? 'growing' : 'flat' };
}

function sumOver(values: readonly number[], term: (value: number, at: number) => number): number {
  return values.reduce((sum, value, at) => sum + term(value, at), 0);
}
