/** Results that may wait for an earlier one, for each of those in work. */
const AHEAD = 8;

/**
 * Does work on items, so many at once, and gives the results in the items' order. No more items are
 * taken than a few ahead of the one that is waited for, and none is begun once nobody listens.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const stopping = new AbortController();
  const lanes = new Lanes(concurrency, stopping.signal);
  const begun: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = lanes.run(() => work(item));
      // It is awaited below, unless an earlier one fails.
      result.catch(() => undefined);
      begun.push(result);
      if (begun.length >= concurrency * AHEAD) yield await begun.shift()!;
    }
    for (const result of begun) yield await result;
  } finally {
    stopping.abort();
  }
}

/** So many pieces of work at once; the others in their order. */
class Lanes {
  private readonly waiting: (() => void)[] = [];

  constructor(
    private free: number,
    private readonly stopping: AbortSignal,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free--;
    try {
      this.stopping.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}
