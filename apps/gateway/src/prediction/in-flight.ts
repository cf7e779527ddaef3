import { TooManyRequestsInWorkError } from '../errors/errors.js';

/** Refuses images beyond a fixed number at once, before they cost memory or time. */
export class InFlight {
  private running = 0;
  private shed = 0;

  constructor(readonly max: number) {}

  /** Images in work. */
  get count(): number {
    return this.running;
  }

  /** Requests refused so far. */
  get refused(): number {
    return this.shed;
  }

  /**
   * Takes a place for each image, or refuses all of them: half a batch is of no use. A batch of more
   * images than there are places takes all of them, so that it can be answered where nothing else is in
   * work.
   *
   * @throws TooManyRequestsInWorkError
   */
  async run<T>(work: () => Promise<T>, images = 1): Promise<T> {
    const places = Math.min(images, this.max);
    if (this.running + places > this.max) {
      this.shed++;
      throw new TooManyRequestsInWorkError();
    }
    this.running += places;
    try {
      return await work();
    } finally {
      this.running -= places;
    }
  }
}
