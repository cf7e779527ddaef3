import { randomBytes } from 'node:crypto';
import { BufferPool } from '#buffer-pool';
import { ByteCollector } from './byte-collector.js';
import { LinkedImageTooLargeError } from './errors.js';

const pool = new BufferPool(32 * 1024 * 1024, 'shared');

function collect(chunks: Buffer[], maxBytes: number, expected?: number): Buffer {
  const collector = new ByteCollector(pool, maxBytes, expected);
  for (const chunk of chunks) collector.push(chunk);
  return collector.finish();
}

const MIB = 1024 * 1024;
describe('ByteCollector', () => {
  it.each([
    { name: 'an announced small body', length: 1000, chunk: 333, announced: 1000 },
    {
      name: 'an announced body of more than the first MiB',
      length: 5 * MIB + 7,
      chunk: 65536,
      announced: 5 * MIB + 7,
    },
    { name: 'a body of unknown length', length: 3 * MIB + 1, chunk: 65536, announced: undefined },
    { name: 'a body of single bytes', length: 70_000, chunk: 1, announced: undefined },
    {
      name: 'one chunk larger than every segment',
      length: 9 * MIB,
      chunk: 9 * MIB,
      announced: undefined,
    },
    { name: 'a body longer than announced', length: 2000, chunk: 999, announced: 10 },
    { name: 'a body shorter than announced', length: 10, chunk: 3, announced: 2000 },
    { name: 'a body of exactly the limit', length: 10 * MIB, chunk: 65536, announced: undefined },
    { name: 'nothing', length: 0, chunk: 1, announced: 0 },
  ])('gathers $name', ({ length, chunk, announced }) => {
    const body = randomBytes(length);
    const chunks = [];
    for (let at = 0; at < length; at += chunk) chunks.push(body.subarray(at, at + chunk));
    expect(collect(chunks, 10 * MIB, announced).equals(body)).toBe(true);
  });

  it('refuses one byte more than the limit', () => {
    expect(() => collect([randomBytes(100), randomBytes(1)], 100)).toThrow(
      LinkedImageTooLargeError,
    );
  });

  it('keeps no reference to memory shared with others', () => {
    expect(collect([randomBytes(10)], 100, 10).buffer.byteLength).toBe(10);
  });

  it('gives its segments back once the body is whole, and when it is given up', () => {
    const chunk = randomBytes(MIB);
    const released = new BufferPool(32 * MIB, 'shared');
    const whole = new ByteCollector(released, 10 * MIB);
    for (let i = 0; i < 4; i++) whole.push(chunk);
    const body = whole.finish();
    const first = released.take(64 * 1024);
    expect(first.buffer).not.toBe(body.buffer);
    first.fill(1);
    expect(body.equals(Buffer.concat([chunk, chunk, chunk, chunk]))).toBe(true);

    const given = new ByteCollector(released, 10 * MIB, MIB);
    given.push(Buffer.alloc(MIB, 7));
    given.discard();
    expect(released.take(MIB).every((byte) => byte === 7)).toBe(true);
  });

  it('takes no more than a MiB on the strength of an announcement', () => {
    const taken: number[] = [];
    const counting = new BufferPool(0, 'shared');
    counting.take = (length) => {
      taken.push(length);
      return Buffer.alloc(length);
    };
    new ByteCollector(counting, 50 * MIB, 50 * MIB);
    expect(taken).toEqual([MIB]);
  });
});
