import { Counter as PromCounter, type Registry } from 'prom-client';

export interface CounterOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly registry: Registry;
  /** Called before it is told. */
  readonly collect?: () => void;
}

/** A counter under the same labels, which prom-client is told of when it is asked. */
interface Count {
  readonly values: string[];
  untold: number;
}

/** prom-client's counter, without its work on the labels at each count; see `Histogram`. */
export class Counter {
  private readonly counter: PromCounter;
  private readonly counts = new Map<string, Count>();

  constructor({ registry, collect, ...options }: CounterOptions) {
    this.counter = new PromCounter({
      ...options,
      registers: [registry],
      collect: () => {
        collect?.();
        this.tell();
      },
    });
  }

  /** @param values of the labels, in the order of their names; from fixed sets, since each is kept */
  inc(by: number, ...values: string[]): void {
    const key = values.join('\0');
    const count = this.counts.get(key);
    if (count === undefined) this.counts.set(key, { values, untold: by });
    else count.untold += by;
  }

  remove(...values: string[]): void {
    this.counts.delete(values.join('\0'));
    this.counter.remove(...values);
  }

  private tell(): void {
    for (const { values, untold } of this.counts.values()) {
      this.counter.labels(...values).inc(untold);
    }
    this.counts.clear();
  }
}
