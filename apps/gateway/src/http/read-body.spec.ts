import { PassThrough } from 'node:stream';
import { BodyTooLargeError, TooManyRequestsInWorkError } from '../errors/errors.js';
import { BodyBudget } from './body-budget.js';
import { readBody, type BodyLimits } from './read-body.js';

const limits = (maxBytes: number, budget = new BodyBudget(Infinity)): BodyLimits => ({
  maxBytes,
  tooLarge: (bytes) => new BodyTooLargeError(bytes),
  take: (bytes) => (budget.take(bytes) ? undefined : new TooManyRequestsInWorkError()),
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
});
