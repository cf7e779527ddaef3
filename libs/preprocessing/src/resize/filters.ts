/** A separable resampling kernel: its weight at distance `x` and the distance past which that is 0. */
export interface Filter {
  readonly support: number;
  readonly weight: (x: number) => number;
}

export type FilterName = 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

/** Pillow's kernels (`src/libImaging/Resample.c`), in double precision and its order of operations. */
export const FILTERS: Readonly<Record<FilterName, Filter>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: triangle },
  hamming: { support: 1, weight: hammingWindowedSinc },
  bicubic: { support: 2, weight: keysCubic },
  lanczos: { support: 3, weight: lanczos3 },
};

function triangle(x: number): number {
  const distance = Math.abs(x);
  return distance < 1 ? 1 - distance : 0;
}

/** Pillow writes the window's 0.54 and 0.46 as C floats. */
const HAMMING_BASE = Math.fround(0.54);
const HAMMING_COSINE = Math.fround(0.46);

function hammingWindowedSinc(x: number): number {
  const distance = Math.abs(x);
  if (distance === 0) return 1;
  if (distance >= 1) return 0;
  const angle = distance * Math.PI;
  return (Math.sin(angle) / angle) * (HAMMING_BASE + HAMMING_COSINE * Math.cos(angle));
}

/** Keys' cubic convolution (1981) with a = -0.5. */
function keysCubic(x: number): number {
  const distance = Math.abs(x);
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  if (distance < 2) return (((distance - 5) * distance + 8) * distance - 4) * -0.5;
  return 0;
}

function lanczos3(x: number): number {
  return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}
