import { abortable, type Signal } from '#cancellation';

/**
 * Name lookups that may hang. `getaddrinfo` cannot be stopped once it runs, and runs on libuv's
 * thread pool (4 threads by default), which image decoding shares; libuv itself keeps lookups to half
 * of the threads. Were every lookup handed over at once, those of callers long gone would pile up
 * before the pool without bound. So equal names share a lookup, few run, and who waits for a turn
 * leaves nothing behind on leaving.
 */
export class LookupQueue {
  readonly #running = new Map<string, Promise<string[]>>();
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly lookup: (host: string) => Promise<string[]>,
    private readonly maxRunning = 16,
  ) {}

  /** All addresses of `host`. Rejects as the lookup does, or with the signal's reason. */
  async resolve(host: string, signal: Signal): Promise<string[]> {
    while (!this.#running.has(host) && this.#running.size >= this.maxRunning) {
      await this.#someTurn(signal);
    }
    return abortable(this.#running.get(host) ?? this.#start(host), signal);
  }

  #start(host: string): Promise<string[]> {
    const lookup = this.lookup(host).finally(() => {
      this.#running.delete(host);
      for (const wake of this.#waiting) wake();
    });
    this.#running.set(host, lookup);
    // Every caller may have left by the time it fails.
    lookup.catch(() => undefined);
    return lookup;
  }

  async #someTurn(signal: Signal): Promise<void> {
    let wake: () => void;
    const woken = new Promise<void>((resolve) => {
      this.#waiting.add((wake = resolve));
    });
    try {
      await abortable(woken, signal);
    } finally {
      this.#waiting.delete(wake!);
    }
  }
}
