import { Canceller, type Signal } from '#cancellation';
import { ImageSourceTimeoutError } from './errors.js';

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What ends one fetch before its time: the clock, the caller, or the fetcher's closing. Not
 * `AbortSignal.any`, whose timers and listeners live on until collected: `dispose` frees them at once.
 */
export class Budget extends Canceller {
  readonly #timer: NodeJS.Timeout;
  readonly #caller: Signal | undefined;

  constructor(timeoutMs: number, caller?: Signal) {
    super();
    this.#timer = setTimeout(
      () => {
        this.abort(new ImageSourceTimeoutError());
      },
      Math.min(Math.max(timeoutMs, 0), MAX_TIMER_MS),
    );
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onCallerAbort);
    if (caller?.aborted) this.#onCallerAbort();
    else if (timeoutMs <= 0) this.abort(new ImageSourceTimeoutError());
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => {
    this.abort(this.#caller!.reason);
  };
}
