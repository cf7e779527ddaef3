import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { RateLimitedError } from '../errors/errors.js';
import { clientOfAddress } from '../http/client-address.js';
import { TokenBuckets } from './token-buckets.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the request is counted to. */
    rateLimitClient: string;
  }
}

/** Some 8 MB when all of them are remembered. */
const MAX_CLIENTS = 65_536;

/**
 * RATE_LIMIT_PER_MINUTE: how many predictions each client may ask for. A client is an API key, or the
 * address of whoever has none.
 */
export class RateLimit {
  private readonly buckets: TokenBuckets | undefined;

  /**
   * @param perMinute 0: no limit
   * @param limited counts the requests that are refused
   */
  constructor(
    perMinute: number,
    private readonly limited: Counter,
  ) {
    if (perMinute > 0) this.buckets = new TokenBuckets(perMinute, MAX_CLIENTS);
  }

  get isOn(): boolean {
    return this.buckets !== undefined;
  }

  watch(fastify: FastifyInstance): void {
    fastify.decorateRequest('rateLimitClient', '');
  }

  /**
   * Counts a request, by its headers alone.
   *
   * @param key digest of its API key, where it carries an accepted one
   * @throws RateLimitedError
   */
  admit(request: FastifyRequest, key: string | undefined): void {
    if (this.buckets === undefined) return;
    request.rateLimitClient = key ?? clientOfAddress(request.ip);
    const waitMs = this.buckets.take(request.rateLimitClient);
    if (waitMs > 0) this.refuse(waitMs);
  }

  /**
   * Counts the other images of an admitted request that turns out to hold several. One that holds
   * more than a minute's worth is let through by a full bucket, and is paid for by the wait after it.
   *
   * @param images how many there are in all
   * @throws RateLimitedError
   */
  charge(request: FastifyRequest, images: number): void {
    if (this.buckets === undefined || images <= 1) return;
    const { capacity, intervalMs } = this.buckets;
    const cost = images - 1;
    const needed = Math.min(cost, capacity - 1);
    const waitMs = this.buckets.take(request.rateLimitClient, cost, needed);
    // To be admitted again takes a token too.
    if (waitMs > 0) this.refuse(waitMs + intervalMs);
  }

  private refuse(waitMs: number): never {
    this.limited.inc();
    throw new RateLimitedError(Math.ceil(waitMs / 1000));
  }
}
