import type { Registry } from 'prom-client';
import { Counter } from '#metrics';

/** Pods come and go: an address that had no call for so long is not told any more. */
const FORGET_AFTER_MS = 3_600_000;

/** Calls by the address of the server that had them. */
export class BackendCalls {
  private readonly calls: Counter;
  private readonly lastCall = new Map<string, number>();

  constructor(registry: Registry) {
    this.calls = new Counter({
      name: 'gateway_backend_calls_total',
      help: 'Predict calls ended, by the address of the model server that had them.',
      labelNames: ['backend'],
      registry,
      collect: () => {
        this.forget(Date.now() - FORGET_AFTER_MS);
      },
    });
  }

  count(backend: string): void {
    this.lastCall.set(backend, Date.now());
    this.calls.inc(1, backend);
  }

  private forget(before: number): void {
    for (const [backend, at] of this.lastCall) {
      if (at >= before) continue;
      this.lastCall.delete(backend);
      this.calls.remove(backend);
    }
  }
}
