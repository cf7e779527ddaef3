import { abortable } from '#cancellation';
import { DomainError } from '#errors';
import type { Call } from './call.js';

interface Flight<Answer> {
  readonly answer: Promise<Answer>;
  readonly call: Call;
}

/** Does the same work once for all who ask for it meanwhile. */
export class SingleFlight<Answer> {
  private readonly flights = new Map<string, Flight<Answer>>();

  /**
   * Runs the work, or waits for the one that runs under the same key. Whoever runs it may have less
   * time than another, or leave: then one of those who wait runs it again.
   */
  async run(key: string, call: Call, work: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const flight = this.flights.get(key);
      if (flight === undefined) return this.lead(key, call, work);
      try {
        return await abortable(flight.answer, call.signal);
      } catch (error) {
        if (call.signal.aborted || !isItsOwn(error, flight.call)) throw error;
      }
    }
  }

  /** Whether somebody does this work now. */
  has(key: string): boolean {
    return this.flights.has(key);
  }

  private async lead(key: string, call: Call, work: () => Promise<Answer>): Promise<Answer> {
    const answer = work();
    this.flights.set(key, { answer, call });
    try {
      return await answer;
    } finally {
      this.flights.delete(key);
    }
  }
}

/** Failed for the time or the caller of the one who did the work, not for what was asked. */
function isItsOwn(error: unknown, { signal }: Call): boolean {
  return signal.aborted || (error instanceof DomainError && error.code === 'DEADLINE_EXCEEDED');
}
