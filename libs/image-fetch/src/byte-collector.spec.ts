import { randomBytes } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { ByteCollector } from './byte-collector.js';
import { LinkedImageTooLargeError } from './errors.js';

async function collect(chunks: Buffer[], maxBytes: number, expected?: number): Promise<Buffer> {
  const collector = new ByteCollector(maxBytes, expected);
  for (const chunk of chunks) collector.write(chunk);
  collector.end();
  await finished(collector);
  return collector.bytes();
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
  ])('gathers $name', async ({ length, chunk, announced }) => {
    const body = randomBytes(length);
    const chunks = [];
    for (let at = 0; at < length; at += chunk) chunks.push(body.subarray(at, at + chunk));
    expect((await collect(chunks, 10 * MIB, announced)).equals(body)).toBe(true);
  });

  it('refuses one byte more than the limit', async () => {
    await expect(collect([randomBytes(100), randomBytes(1)], 100)).rejects.toThrow(
      LinkedImageTooLargeError,
    );
  });

  it('keeps no reference to memory shared with others', async () => {
    expect((await collect([randomBytes(10)], 100, 10)).buffer.byteLength).toBe(10);
  });

  it('takes no more than a MiB on the strength of an announcement', () => {
    const before = process.memoryUsage().arrayBuffers;
    const collectors = Array.from({ length: 20 }, () => new ByteCollector(50 * MIB, 50 * MIB));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThanOrEqual(21 * MIB);
    expect(collectors).toHaveLength(20);
  });
});
