/** What the kit writes down: a peer's start, or a load that it was given. */
export type PeerRecord = StartRecord | LoadRecord;

export interface StartRecord {
  readonly kind: 'start';
  readonly peer: string;
  readonly round: number;
  readonly cold_start_s: number;
  /** MiB. */
  readonly idle_pss: number;
}

export interface LoadRecord {
  readonly kind: 'load';
  readonly peer: string;
  readonly round: number;
  /** Whether it is one of the kit's own, which are the ones to beat. */
  readonly python: boolean;
  /** Such as `small, concurrency 32, 10 s`. */
  readonly load: string;
  readonly cpu_ms: number;
  readonly rps: number;
  readonly p99: number;
  /** MiB. */
  readonly pss: number;
  readonly good: number;
  readonly bad: number;
  readonly socket_errors: number;
  readonly timeouts: number;
}
