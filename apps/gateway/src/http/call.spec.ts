import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerGoneError, DeadlinePassedError } from '../errors/errors.js';
import { withinDeadline, type Call } from './call.js';

const FAULT = new Error('what the work needs is closed');

class Response extends EventEmitter {
  writableFinished = false;
}

/** What comes of work for a caller whose connection is as said. */
function ask(
  work: (call: Call, response: Response) => Promise<unknown>,
  { isGone = false, elapsedTime = 0 } = {},
): Promise<unknown> {
  const response = new Response();
  const request = { id: 'id', raw: { socket: { destroyed: isGone } } };
  const reply = { elapsedTime, raw: response };
  return withinDeadline(
    request as unknown as FastifyRequest,
    reply as unknown as FastifyReply,
    1_000,
    (call) => work(call, response),
  );
}

/** Work that goes on until it is told to stop. */
function endless({ signal }: Call): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason);
    });
  });
}

describe('the work for a request', () => {
  it('gives its answer', async () => {
    await expect(ask(() => Promise.resolve('answer'))).resolves.toBe('answer');
  });

  it('fails as it fails', async () => {
    await expect(ask(() => Promise.reject(FAULT))).rejects.toBe(FAULT);
  });

  it('is no fault where the caller has gone and the connection has not yet told so', async () => {
    const answer = ask(() => Promise.reject(FAULT), { isGone: true });
    await expect(answer).rejects.toBeInstanceOf(CallerGoneError);
  });

  it('stops when the connection tells that the caller has gone', async () => {
    const answer = ask((call, response) => {
      const stopped = endless(call);
      response.emit('close');
      return stopped;
    });
    await expect(answer).rejects.toBeInstanceOf(CallerGoneError);
  });

  it('stops at the deadline, which is counted from the arrival', async () => {
    await expect(ask(endless, { elapsedTime: 990 })).rejects.toEqual(new DeadlinePassedError());
  });

  it('does not begin past it', async () => {
    const begun = jest.fn<() => Promise<void>>();
    await expect(ask(begun, { elapsedTime: 1_000 })).rejects.toEqual(new DeadlinePassedError());
    expect(begun).not.toHaveBeenCalled();
  });
});
