import { TooManyRequestsInWorkError } from '../errors/errors.js';

/** Refuses work beyond a fixed number of pieces at once, before it costs memory or time. */
export class InFlight {
  private running = 0;
  private shed = 0;

  constructor(readonly max: number) {}

  /** Pieces of work that run. */
  get count(): number {
    return this.running;
  }

  /** Pieces of work refused so far. */
  get refused(): number {
    return this.shed;
  }

  /** @throws TooManyRequestsInWorkError */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.max) {
      this.shed++;
      throw new TooManyRequestsInWorkError();
    }
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
    }
  }
}
