import type { Gateway } from '../harness/gateway.js';
import { openFiles, pssMib } from '../harness/usage.js';

/** What could grow in a gateway. */
export interface Watched {
  /** MiB of the process tree. */
  readonly pss: number;
  /** MiB that V8's heap has in use, garbage that is not collected yet among it. */
  readonly heap: number;
  readonly descriptors: number;
  /** Of the descriptors. */
  readonly sockets: number;
  readonly timers: number;
  /** p99 of the event loop's lag, in milliseconds, since the last look. */
  readonly lag: number;
}

export async function watch(gateway: Gateway): Promise<Watched> {
  const values = await gateway.metrics();
  return {
    pss: pssMib(gateway.pid),
    heap: values.get('nodejs_heap_size_used_bytes')! / 2 ** 20,
    ...openFiles(gateway.pid),
    timers: values.get('nodejs_active_resources{type="Timeout"}') ?? 0,
    lag: values.get('nodejs_eventloop_lag_p99_seconds')! * 1000,
  };
}
