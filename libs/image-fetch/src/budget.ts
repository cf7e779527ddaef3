import { ImageSourceTimeoutError } from './errors.js';

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What ends one fetch before its time: the clock, the caller, or the fetcher's closing. Not
 * `AbortSignal.any`, whose timers and listeners live on until collected: `dispose` frees them at once.
 */
export class Budget {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;

  constructor(timeoutMs: number, caller?: AbortSignal) {
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

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => {
    this.abort(this.#caller?.reason);
  };
}
