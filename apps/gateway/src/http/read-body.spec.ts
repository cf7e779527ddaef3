import { PassThrough } from 'node:stream';
import { jest } from '@jest/globals';
import { BodyTooLargeError } from '../errors/errors.js';
import { BodyBudget } from './body-budget.js';
import { HeldBytes } from './held-bytes.js';
import { readBody, type BodyLimits } from './read-body.js';

const limits = (maxBytes: number, budget = new BodyBudget(Infinity)): BodyLimits => ({
  maxBytes,
  tooLarge: (bytes) => new BodyTooLargeError(bytes),
  held: new HeldBytes([budget]),
});

function streamOf(...chunks: string[]): PassThrough {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  return stream;
}

describe('readBody', () => {
  it.each([5, undefined])('gives the bytes in their order (declared: %s)', async (declared) => {
    const stream = streamOf('ab', 'c');
    const body = readBody(stream, declared, limits(5));
    stream.end('de');
    expect((await body).toString()).toBe('abcde');
  });

  it('refuses a declared length at once', async () => {
    await expect(readBody(streamOf(), 6, limits(5))).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
  });

  it('refuses what grows too long without having said so, and leaves the stream', async () => {
    const stream = streamOf('abc', 'def');
    await expect(readBody(stream, undefined, limits(5))).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    });
    expect(stream.destroyed).toBe(false);
  });

  it('refuses a body that breaks off', async () => {
    const stream = streamOf('abc');
    const body = readBody(stream, 9, limits(9));
    stream.destroy();
    await expect(body).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('counts only what has come of several bodies, and refuses the one that is too much', async () => {
    const budget = new BodyBudget(8);
    const slow = streamOf('abc');
    const first = readBody(slow, 8, limits(8, budget));
    const second = readBody(streamOf('12345', '6'), undefined, limits(8, budget));
    await expect(second).rejects.toMatchObject({ code: 'OVERLOADED' });
    budget.release(5);
    slow.end('defgh');
    expect((await first).toString()).toBe('abcdefgh');
  });

  it('ends the oldest body on its way, after two seconds, where another has no room', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      const budget = new BodyBudget(8);
      const oldest = readBody(streamOf('abc'), 8, limits(8, budget));
      await new Promise(setImmediate);
      jest.advanceTimersByTime(1_000);
      const younger = streamOf('def');
      const other = readBody(younger, 8, limits(8, budget));
      await new Promise(setImmediate);
      await expect(readBody(streamOf('123'), 3, limits(8, budget))).rejects.toMatchObject({
        code: 'OVERLOADED',
      });
      jest.advanceTimersByTime(1_000);
      const last = streamOf('123');
      last.end();
      const [evicted, body] = await Promise.allSettled([
        oldest,
        readBody(last, 3, limits(8, budget)),
      ]);
      expect(evicted).toMatchObject({ reason: { code: 'OVERLOADED' } });
      expect(body).toMatchObject({ value: Buffer.from('123') });
      younger.end('gh');
      expect((await other).toString()).toBe('defgh');
    } finally {
      jest.useRealTimers();
    }
  });
});
