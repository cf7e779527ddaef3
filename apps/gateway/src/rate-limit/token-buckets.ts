const MINUTE_MS = 60_000;
/** What adding up fractions of a millisecond may lose. */
const SLACK_MS = 0.001;

/** Clients asked for in the same stretch of time, each with the moment at which its bucket is full. */
class Generation {
  readonly fullAt = new Map<string, number>();
  /** From then on it holds nothing but full buckets, which need not be remembered. */
  lastFullAt = 0;

  set(client: string, fullAt: number): void {
    this.fullAt.set(client, fullAt);
    this.lastFullAt = Math.max(this.lastFullAt, fullAt);
  }
}

/**
 * A bucket of tokens for each client, full at first and refilled evenly, kept as GCRA keeps it (ITU-T
 * I.371, annex A): as one number. Buckets that have filled up are forgotten; so are, past
 * `maxClients`, those of the clients that have been silent longest: however many addresses ask,
 * memory stays bounded and nobody else is refused for it.
 */
export class TokenBuckets {
  private recent = new Generation();
  private older = new Generation();
  /** Milliseconds that one token takes to come back. */
  readonly intervalMs: number;

  /**
   * @param capacity tokens of a full bucket, which is also what comes back in a minute
   * @param now monotonic milliseconds
   */
  constructor(
    readonly capacity: number,
    private readonly maxClients: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.intervalMs = MINUTE_MS / capacity;
  }

  /** Buckets that are remembered. */
  get size(): number {
    return this.recent.fullAt.size + this.older.fullAt.size;
  }

  /**
   * Takes `cost` tokens where at least `needed` are there; what is missing then becomes a debt.
   *
   * @returns 0 if they were taken, else the milliseconds after which they can be
   */
  take(client: string, cost = 1, needed = cost): number {
    const now = this.now();
    this.forget(now);
    const { recent, older } = this;
    const fullAt = Math.max(recent.fullAt.get(client) ?? older.fullAt.get(client) ?? now, now);
    const waitMs = fullAt - now - (this.capacity - needed) * this.intervalMs;
    const isRefused = waitMs > SLACK_MS;
    // A refusal counts as a sign of life: whoever insists is not forgotten.
    recent.set(client, isRefused ? fullAt : fullAt + cost * this.intervalMs);
    return isRefused ? waitMs : 0;
  }

  /** Whole generations go: a map from which its oldest entry is taken again and again is slow. */
  private forget(now: number): void {
    if (this.older.lastFullAt > now && this.recent.fullAt.size < this.maxClients / 2) return;
    this.older = this.recent;
    this.recent = new Generation();
  }
}
