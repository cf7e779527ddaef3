/** What is asked of a figure: at most so much, at least so much, or less than that. */
export type Wanted = readonly ['≤' | '≥' | '<', number];

interface Load {
  readonly kind: 'small' | 'medium' | 'large';
  readonly concurrency: number;
}

/** Something that a load tells of a peer. */
export interface LoadTarget {
  readonly load: Load;
  /** `mine`, or the same with `decode: fast`. */
  readonly of: 'mine' | 'fast';
  readonly signature: 'float' | 'uint8';
  /** `pss` in MiB; the others as ratios to the best Python peer's of the same round. */
  readonly figure: 'cpu_ms' | 'rps' | 'p99' | 'pss';
  readonly wanted: Wanted;
}

export interface StartTarget {
  readonly figure: 'cold_start_s' | 'idle_pss';
  readonly wanted: Wanted;
}

const SMALL_32: Load = { kind: 'small', concurrency: 32 };
const LARGE_8: Load = { kind: 'large', concurrency: 8 };
const LARGE_32: Load = { kind: 'large', concurrency: 32 };

export const MAIN_LOADS: readonly Load[] = [
  SMALL_32,
  { kind: 'small', concurrency: 1 },
  { kind: 'medium', concurrency: 16 },
  LARGE_8,
  LARGE_32,
];
export const UINT8_LOADS: readonly Load[] = [SMALL_32];

export const START_TARGETS: readonly StartTarget[] = [
  { figure: 'cold_start_s', wanted: ['≤', 0.8] },
  { figure: 'idle_pss', wanted: ['≤', 80] },
];

export const LOAD_TARGETS: readonly LoadTarget[] = [
  ours(SMALL_32, 'cpu_ms', ['≤', 0.5]),
  ours(LARGE_8, 'cpu_ms', ['≤', 0.6]),
  ours(LARGE_32, 'cpu_ms', ['≤', 0.6]),
  ours(SMALL_32, 'rps', ['≥', 1.8]),
  ours(LARGE_32, 'rps', ['≥', 1.5]),
  ...MAIN_LOADS.map((load) => ours(load, 'p99', ['<', 1])),
  ours(SMALL_32, 'pss', ['≤', 200]),
  ours(LARGE_8, 'pss', ['≤', 350]),
  ours(LARGE_32, 'pss', ['≤', 350]),
  ...UINT8_LOADS.map((load): LoadTarget => ({
    ...ours(load, 'cpu_ms', ['≤', 0.4]),
    signature: 'uint8',
  })),
  { ...ours(LARGE_8, 'cpu_ms', ['≤', 0.3]), of: 'fast' },
  { ...ours(LARGE_32, 'cpu_ms', ['≤', 0.3]), of: 'fast' },
];

function ours(load: Load, figure: LoadTarget['figure'], wanted: Wanted): LoadTarget {
  return { load, of: 'mine', signature: 'float', figure, wanted };
}
