import { setImmediate } from 'node:timers/promises';

/** Pixels that a decoder written here works through before others get their turn. */
const PIXELS_PER_TURN = 1 << 19;

/** What a row or a strip costs beside its pixels, in pixels. */
const ROW_COST = 64;

/**
 * Lets the process answer others while a long decode runs on its thread.
 * Call it after each row; it waits only once in about half a million pixels.
 */
export class Turns {
  #pixels = 0;

  /** True when it is time to `await turn()`; kept apart so that rows need no promise each. */
  due(pixels: number): boolean {
    this.#pixels += pixels + ROW_COST;
    return this.#pixels >= PIXELS_PER_TURN;
  }

  async turn(): Promise<void> {
    this.#pixels = 0;
    await setImmediate();
  }
}
