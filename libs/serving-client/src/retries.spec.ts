import { status } from '@grpc/grpc-js';
import { CallError } from './call-error.js';
import { Retries } from './retries.js';

const lost = new CallError(status.UNAVAILABLE, 'Connection dropped');
const soon = () => ({ deadline: new Date(Date.now() + 60_000) });

/** How often a call is tried again that always fails so. */
async function triedAgain(retries: Retries, error: Error, call = soon()): Promise<number> {
  let attempts = 0;
  const attempt = () => {
    attempts++;
    return Promise.reject(error);
  };
  await expect(retries.after(error, attempt, call)).rejects.toBe(error);
  return attempts;
}

describe('retries', () => {
  it('give the answer of the attempt that has one', async () => {
    const failures = [lost, new CallError(status.CANCELLED, 'shutting down')];
    const attempt = () => {
      const failure = failures.pop();
      return failure ? Promise.reject(failure) : Promise.resolve('answer');
    };
    failures.pop();
    expect(await new Retries().after(lost, attempt, soon())).toBe('answer');
  });

  it('are two where the server cannot be reached, and none for what it refuses', async () => {
    expect(await triedAgain(new Retries(), lost)).toBe(2);
    const refused = new CallError(status.RESOURCE_EXHAUSTED, 'full');
    expect(await triedAgain(new Retries(), refused)).toBe(0);
    expect(await triedAgain(new Retries(), new TypeError('a fault of ours'))).toBe(0);
  });

  it('are none that would come after the deadline', async () => {
    const call = { deadline: new Date(Date.now() + 10) };
    expect(await triedAgain(new Retries(), lost, call)).toBe(0);
  });

  it('cost nothing where the caller has ended the call', async () => {
    const retries = new Retries();
    const call = { ...soon(), signal: AbortSignal.abort() };
    const ended = new CallError(status.CANCELLED, 'Cancelled by the caller');
    for (let i = 0; i < 100; i++) expect(await triedAgain(retries, ended, call)).toBe(0);
    expect(await triedAgain(retries, lost)).toBe(2);
  });

  it('end after 64 failures, and start again with one for five successes', async () => {
    const retries = new Retries();
    const calls = Array.from({ length: 40 }, () => triedAgain(retries, lost));
    const again = (await Promise.all(calls)).reduce((sum, count) => sum + count);
    // Each of the 63 failures that leave more than half of the budget allows one.
    expect(again).toBe(63);
    expect(await triedAgain(retries, lost)).toBe(0);
    const failures = 40 + 63 + 1;
    for (let success = 0; success < 5 * (failures - 62); success++) retries.succeeded();
    expect(await triedAgain(retries, lost)).toBe(1);
  });
});
