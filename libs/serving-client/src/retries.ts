import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { abortSignalOf, type Signal } from '#cancellation';
import type { CallOptions } from './call.js';

/** What a lost connection costs, and calls that a server let go of as it shut down. */
const RETRIED: ReadonlySet<unknown> = new Set([status.UNAVAILABLE, status.CANCELLED]);
/** A lost connection has left the balancer by then. */
const BACKOFFS_MS = [50, 200];
const JITTER = 0.2;
// Whole numbers, of which a success earns one.
const MAX_TOKENS = 640;
const TOKENS_OF_A_FAILURE = 5;

/**
 * Tries calls again that only read, twice at most (gRFC A6, whose throttling this is). The budget is 64
 * failures, and one more for every five successes: what is in work on one dead server of several is
 * saved, an outage is not tripled.
 */
export class Retries {
  private tokens = MAX_TOKENS;

  /** To be called for each call that ended well. */
  succeeded(): void {
    this.tokens = Math.min(this.tokens + 1, MAX_TOKENS);
  }

  /**
   * What a call comes to whose first attempt has failed.
   *
   * @throws what the last attempt has thrown, or an AbortError where the signal aborts in between.
   */
  async after<Answer>(
    failure: unknown,
    attempt: () => Promise<Answer>,
    { deadline, signal }: Pick<CallOptions, 'deadline' | 'signal'>,
  ): Promise<Answer> {
    let last = failure;
    for (const backoffMs of BACKOFFS_MS) {
      const waitMs = backoffMs * (1 + JITTER * (2 * Math.random() - 1));
      const isHopeless = Date.now() + waitMs >= deadline.getTime();
      if (!this.allowsAfter(last, signal) || isHopeless) throw last;
      await sleep(waitMs, undefined, { signal: signal && abortSignalOf(signal) });
      try {
        return await attempt();
      } catch (error) {
        last = error;
      }
    }
    this.allowsAfter(last, signal);
    throw last;
  }

  private allowsAfter(error: unknown, signal: Signal | undefined): boolean {
    // What the caller has ended, as its deadline does, tells nothing of the server.
    if (signal?.aborted === true) return false;
    if (!RETRIED.has((error as { code?: status }).code)) return false;
    this.tokens = Math.max(this.tokens - TOKENS_OF_A_FAILURE, 0);
    return this.tokens > MAX_TOKENS / 2;
  }
}
