/** Of one turn of the event loop; a handful of small pictures. */
const TURN_MS = 5;

/** Turns without any work, one after the other, while somebody comes in each. */
const MAX_EMPTY = 4;

/**
 * Work of the event loop itself, first come first served, and so much of it in one of the loop's turns that
 * what has come meanwhile (a probe, a request to be refused, an answer to be sent) waits a few milliseconds,
 * however much work there is.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  /** `performance.now()` when this turn began; undefined where it has had no work yet. */
  private began: number | undefined;
  /** Turns, this one among them, that have room for one piece of work alone. */
  private short = 0;
  private hasSomebodyCome = false;
  private empty = 0;

  /** @param work does not return to the event loop but to wait for nothing else in it */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOver || this.waiting.length > 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else if (this.began === undefined) {
      this.begin();
    }
    try {
      return await work();
    } finally {
      if (!this.isOver) this.waiting.shift()?.();
    }
  }

  /** Whether this turn has had work already. */
  get isTaken(): boolean {
    return this.began !== undefined;
  }

  /**
   * Somebody has come, and others may be behind: this turn and the next end after one piece of work, and a
   * few have none.
   */
  makeWay(): void {
    this.short = 2;
    this.hasSomebodyCome = true;
  }

  private get isOver(): boolean {
    if (this.began === undefined) return false;
    return this.short > 0 || performance.now() - this.began >= TURN_MS;
  }

  private begin(): void {
    this.began = performance.now();
    setImmediate(this.end);
  }

  private readonly end = (): void => {
    const isEmpty = this.hasSomebodyCome && this.empty < MAX_EMPTY;
    this.hasSomebodyCome = false;
    if (isEmpty) {
      this.empty++;
      setImmediate(this.end);
      return;
    }
    this.empty = 0;
    if (this.short > 0) this.short--;
    this.began = undefined;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.begin();
    next();
  };
}
