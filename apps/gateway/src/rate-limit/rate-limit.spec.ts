import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { RateLimitedError } from '../errors/errors.js';
import { RateLimit } from './rate-limit.js';

let limited: Counter;
const from = (ip: string): FastifyRequest => ({ ip }) as FastifyRequest;

beforeEach(() => {
  limited = new Counter({ name: 'limited', help: 'x', registers: [] });
});

/** Seconds to wait, 0 where it was let through. */
function ask(limit: RateLimit, images = 1, request = from('192.0.2.1'), key?: string): number {
  try {
    limit.admit(request, key);
    limit.charge(request, images);
    return 0;
  } catch (error) {
    if (error instanceof RateLimitedError) return error.retryAfterSeconds;
    throw error;
  }
}

describe('RateLimit', () => {
  it('lets everything through where it is 0', async () => {
    const limit = new RateLimit(0, limited);
    for (let i = 0; i < 100; i++) expect(ask(limit, 1000)).toBe(0);
    expect((await limited.get()).values[0]!.value).toBe(0);
  });

  it('counts a batch as so many requests, and refused requests in the metric', async () => {
    const limit = new RateLimit(60, limited);
    expect(ask(limit, 59)).toBe(0);
    expect(ask(limit)).toBe(0);
    expect(ask(limit)).toBe(1);
    expect((await limited.get()).values[0]!.value).toBe(1);
  });

  it('lets a batch that is larger than the limit through a full bucket only', () => {
    const limit = new RateLimit(6, limited);
    const other = from('192.0.2.2');
    expect(ask(limit, 32)).toBe(0);
    // 26 more than a full bucket are owed, and one is wanted.
    expect(ask(limit)).toBe(270);
    expect(ask(limit, 1, other)).toBe(0);
    expect(ask(limit, 32, other)).toBe(20);
  });

  it('says of a refused batch when all of it, its admission too, can be had', () => {
    const limit = new RateLimit(6, limited);
    expect(ask(limit, 4)).toBe(0);
    // One of the two left admits it; three more and the one that admits it again take 30 s.
    expect(ask(limit, 4)).toBe(30);
  });

  it('counts a key whatever its address, and an address apart from its keys', () => {
    const limit = new RateLimit(1, limited);
    expect(ask(limit, 1, from('192.0.2.1'), 'key')).toBe(0);
    expect(ask(limit, 1, from('192.0.2.2'), 'key')).toBe(60);
    expect(ask(limit, 1, from('192.0.2.1'))).toBe(0);
    expect(ask(limit, 1, from('192.0.2.1'))).toBe(60);
  });
});
