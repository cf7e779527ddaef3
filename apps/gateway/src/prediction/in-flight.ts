import { TooManyRequestsInWorkError } from '../errors/errors.js';

/** Refuses work beyond a fixed number of pieces at once, before it costs memory or time. */
export class InFlight {
  private count = 0;

  constructor(private readonly max: number) {}

  /** @throws TooManyRequestsInWorkError */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.count >= this.max) throw new TooManyRequestsInWorkError();
    this.count++;
    try {
      return await work();
    } finally {
      this.count--;
    }
  }
}
