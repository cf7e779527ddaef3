import { TokenBuckets } from './token-buckets.js';

let now: number;
const bucketsOf = (perMinute: number, maxClients = 100): TokenBuckets =>
  new TokenBuckets(perMinute, maxClients, () => now);

/** How many tokens can be taken one by one. */
function drain(buckets: TokenBuckets, client = 'a'): number {
  let taken = 0;
  while (buckets.take(client) === 0) taken++;
  return taken;
}

beforeEach(() => {
  now = 1_000_000;
});

describe('TokenBuckets', () => {
  it.each([1, 7, 60, 1000])('lets %i through at once, and as many more in a minute', (limit) => {
    const buckets = bucketsOf(limit);
    expect(drain(buckets)).toBe(limit);
    const end = now + 60_000;
    let taken = 0;
    while (now < end) {
      now = Math.min(end, now + 60_000 / limit / 3);
      taken += drain(buckets);
    }
    expect(taken).toBe(limit);
  });

  it('says when the next one comes, and keeps that word', () => {
    const buckets = bucketsOf(6);
    drain(buckets);
    now += 4000;
    expect(buckets.take('a')).toBeCloseTo(6000);
    now += 5999;
    expect(buckets.take('a')).toBeGreaterThan(0);
    now += 1;
    expect(buckets.take('a')).toBe(0);
  });

  it('takes nothing where it refuses', () => {
    const buckets = bucketsOf(6);
    drain(buckets);
    for (let i = 0; i < 1000; i++) buckets.take('a');
    now += 60_000;
    expect(drain(buckets)).toBe(6);
  });

  it('has a bucket for each client', () => {
    const buckets = bucketsOf(5);
    expect(drain(buckets, 'a')).toBe(5);
    expect(drain(buckets, 'b')).toBe(5);
  });

  it('lets a debt be paid off before it gives more', () => {
    const buckets = bucketsOf(10);
    expect(buckets.take('a', 30, 10)).toBe(0);
    expect(buckets.take('a')).toBeCloseTo(126_000);
    now += 180_000;
    expect(drain(buckets)).toBe(10);
  });

  it('remembers no more clients than it may, whatever comes, and among them who insists', () => {
    const buckets = bucketsOf(10, 1000);
    drain(buckets, 'insists');
    let refused = 0;
    let admitted = 0;
    for (let i = 0; i < 1_000_000; i++) {
      if (buckets.take(`stranger ${i}`) > 0) refused++;
      if (i % 100 === 0 && buckets.take('insists') === 0) admitted++;
    }
    expect({ refused, admitted }).toEqual({ refused: 0, admitted: 0 });
    expect(buckets.size).toBeLessThanOrEqual(1000);
  });

  it('forgets a rush once its buckets have filled up, and nobody before', () => {
    const buckets = bucketsOf(2, 1_000_000);
    for (let i = 0; i < 1000; i++) buckets.take(`stranger ${i}`);
    buckets.take('a', 2);
    now += 31_000;
    expect(buckets.take('b')).toBe(0);
    expect(drain(buckets)).toBe(1);
    now += 70_000;
    drain(buckets);
    now += 70_000;
    drain(buckets);
    expect(buckets.size).toBeLessThan(5);
  });
});
