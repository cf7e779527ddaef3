import { TooManyRequestsInWorkError } from '../errors/errors.js';

/** Refuses images beyond a fixed number at once, before they cost memory or time. */
export class InFlight {
  private running = 0;
  private shed = 0;
  private readonly byModel = new Map<string, number>();

  /**
   * @param max places
   * @param models how many models there are: where there are several, a quarter of the places is out of
   * each one's reach, so that one which hangs does not hold up the others
   */
  constructor(
    readonly max: number,
    private readonly models: () => number = () => 1,
  ) {}

  /** Images in work. */
  get count(): number {
    return this.running;
  }

  /** Requests refused so far. */
  get refused(): number {
    return this.shed;
  }

  /** Whether not one more image would find a place. */
  get isFull(): boolean {
    return this.running >= this.max;
  }

  /** Counts a request that is refused. */
  refuse(): void {
    this.shed++;
  }

  /**
   * Takes a place for each image, or refuses all of them: half a batch is of no use. A batch of more
   * images than there are places takes all of them, so that it can be answered where nothing else is in
   * work.
   *
   * @param model which is asked about them
   * @throws TooManyRequestsInWorkError
   */
  async run<T>(work: () => Promise<T>, images = 1, model = ''): Promise<T> {
    const share = this.models() > 1 ? this.max - (this.max >> 2) : this.max;
    const places = Math.min(images, share);
    const ofModel = this.byModel.get(model) ?? 0;
    if (this.running + places > this.max || ofModel + places > share) {
      this.refuse();
      throw new TooManyRequestsInWorkError();
    }
    this.take(model, places);
    try {
      return await work();
    } finally {
      this.take(model, -places);
    }
  }

  private take(model: string, places: number): void {
    this.running += places;
    const held = (this.byModel.get(model) ?? 0) + places;
    if (held > 0) this.byModel.set(model, held);
    else this.byModel.delete(model);
  }
}
