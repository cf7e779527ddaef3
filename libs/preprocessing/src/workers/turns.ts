/**
 * One piece of work in each turn of the event loop, first come first served, so that what has come
 * meanwhile (a probe, a request to be refused, an answer to be sent) waits for one of them and not for all.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private isTaken = false;

  /** Settles once the caller may begin; at once where nobody has in this turn of the loop. */
  async next(): Promise<void> {
    if (this.isTaken) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      return;
    }
    this.isTaken = true;
    setImmediate(this.pass);
  }

  private readonly pass = (): void => {
    const begin = this.waiting.shift();
    if (begin === undefined) {
      this.isTaken = false;
      return;
    }
    setImmediate(this.pass);
    begin();
  };
}
