import { status } from '@grpc/grpc-js';

/** Statuses that speak against the server, rather than against what it was asked. */
const FAILURES: ReadonlySet<status> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

const FIRST_AVOIDANCE_MS = 100;
const MAX_AVOIDANCE_MS = 5_000;
/** A caller that gave up after so long waited for the server, and did not just go away. */
const PATIENCE_MS = 1_000;

/** What a balancer knows of one server: the calls that it has in work, and how the last ones ended. */
export class Backend {
  private inWork = 0;
  /** Calls that it was chosen for just now, and which have not begun. */
  private chosenFor = 0;
  /** In a row; a success takes half of them back, so that a server is let back call by call. */
  private failures = 0;
  private avoidedUntil = 0;

  get calls(): number {
    return this.inWork + this.chosenFor;
  }

  /**
   * Counts a call that is about to begin: it does so some promises later, and a burst of calls would
   * else all go to the server that had the fewest before it.
   */
  chosen(): void {
    // Not all of them begin; those that do have done so by then.
    if (this.chosenFor++ === 0) setImmediate(() => (this.chosenFor = 0));
  }

  /**
   * Whether others should be asked: for 100 ms after a failure, twice as long after each further one, up
   * to 5 s. Then one call at a time tries it, until its failures are made up for.
   */
  isAvoided(now: number): boolean {
    return this.failures > 0 && (this.calls > 0 || now < this.avoidedUntil);
  }

  /** @returns what is to be called once, when the call ends */
  started(now: number): (code: status, now: number) => void {
    this.inWork++;
    if (this.chosenFor > 0) this.chosenFor--;
    return (code, endedAt) => {
      this.inWork--;
      if (code === status.CANCELLED) {
        if (endedAt - now >= PATIENCE_MS) this.failed(endedAt);
      } else if (FAILURES.has(code)) this.failed(endedAt);
      else this.failures >>= 1;
    };
  }

  /** What it has answered cannot be used, though the call ended well. */
  distrust(now: number): void {
    // Takes back what the success was good for.
    this.failures = 2 * this.failures + 1;
    this.failed(now);
  }

  private failed(now: number): void {
    // Beyond, the time grows no more.
    this.failures = Math.min(this.failures + 1, 7);
    this.avoidedUntil =
      now + Math.min(FIRST_AVOIDANCE_MS * 2 ** (this.failures - 1), MAX_AVOIDANCE_MS);
  }
}

/**
 * The index of the server to ask: of those that are not avoided, or of all where all of them are, the
 * one with the fewest calls in work, in turn where several have as few.
 *
 * @param from the index whose turn it is
 */
export function leastLoaded(backends: readonly Backend[], from: number, now: number): number {
  let best = -1;
  let isBestAvoided = true;
  for (let step = 0; step < backends.length; step++) {
    const index = (from + step) % backends.length;
    const backend = backends[index]!;
    const isAvoided = backend.isAvoided(now);
    if (
      best < 0 ||
      (isBestAvoided && !isAvoided) ||
      (isBestAvoided === isAvoided && backend.calls < backends[best]!.calls)
    ) {
      best = index;
      isBestAvoided = isAvoided;
    }
  }
  return best;
}
