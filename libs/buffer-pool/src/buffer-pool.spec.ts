import { jest } from '@jest/globals';
import { BufferPool } from './buffer-pool.js';

const KIB = 1024;

describe.each(['own', 'shared'] as const)('a pool of %s memory', (kind) => {
  it('gives memory again that was given back, whatever its new length', () => {
    const pool = new BufferPool(1024 * KIB, kind);
    const first = pool.take(100 * KIB);
    pool.release(first);
    const second = pool.take(90 * KIB);
    expect(second.buffer).toBe(first.buffer);
    expect(second).toHaveLength(90 * KIB);
  });

  it('never gives the same memory to two at once', () => {
    const pool = new BufferPool(1024 * KIB, kind);
    const [first, second] = [pool.take(100 * KIB), pool.take(100 * KIB)];
    expect(first.buffer).not.toBe(second.buffer);
    pool.release(first);
    expect(pool.take(100 * KIB).buffer).not.toBe(second.buffer);
  });

  it('keeps a large buffer from a small need', () => {
    const pool = new BufferPool(1024 * KIB, kind);
    const large = pool.take(500 * KIB);
    pool.release(large);
    expect(pool.take(100 * KIB).buffer).not.toBe(large.buffer);
    expect(pool.take(400 * KIB).buffer).toBe(large.buffer);
  });

  it('keeps no more than it may, and lets the oldest go', () => {
    const pool = new BufferPool(250 * KIB, kind);
    const buffers = [1, 2, 3].map(() => pool.take(100 * KIB));
    for (const buffer of buffers) pool.release(buffer);
    const again = [1, 2, 3].map(() => pool.take(100 * KIB).buffer);
    expect(again.slice(0, 2)).toEqual([buffers[2]!.buffer, buffers[1]!.buffer]);
    expect(again[2]).not.toBe(buffers[0]!.buffer);
  });

  it('lets go of what has not been needed for ten seconds, and of nothing else', () => {
    jest.useFakeTimers();
    try {
      const pool = new BufferPool(1024 * KIB, kind);
      const [needed, surplus] = [pool.take(100 * KIB), pool.take(100 * KIB)];
      pool.release(surplus);
      for (let second = 0; second <= 10; second++) {
        pool.release(needed);
        jest.advanceTimersByTime(1000);
        expect(pool.take(100 * KIB).buffer).toBe(needed.buffer);
      }
      expect(pool.take(100 * KIB).buffer).not.toBe(surplus.buffer);
      pool.release(needed);
      jest.advanceTimersByTime(9000);
      expect(pool.take(100 * KIB).buffer).toBe(needed.buffer);
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not take the memory of others', () => {
    const pool = new BufferPool(1024 * KIB, kind);
    const other = kind === 'own' ? new SharedArrayBuffer(64 * KIB) : new ArrayBuffer(64 * KIB);
    pool.release(Buffer.from(other));
    expect(pool.take(64 * KIB).buffer).not.toBe(other);
    // A small Buffer's memory is Node's, and many Buffers'.
    const small = Buffer.from('small');
    pool.release(small);
    expect(pool.take(small.buffer.byteLength).buffer).not.toBe(small.buffer);
  });

  it('joins pieces behind a gap', () => {
    const pool = new BufferPool(1024 * KIB, kind);
    const joined = pool.join([Buffer.from('ab'), Buffer.from('cde')], 5);
    expect(joined.subarray(5).toString()).toBe('abcde');
  });
});

it('shares what is to be shared, up to 8 MiB', () => {
  const pool = new BufferPool(0, 'shared');
  expect(pool.take(100 * KIB).buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(pool.take(9 * 1024 * KIB).buffer).toBeInstanceOf(ArrayBuffer);
  expect(new BufferPool(0, 'own').take(100 * KIB).buffer).toBeInstanceOf(ArrayBuffer);
});
