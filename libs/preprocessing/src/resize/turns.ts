import { setImmediate } from 'node:timers/promises';

/**
 * Work cut into parts of some milliseconds: it may rest at each `yield`. Drained at once by
 * `finish`, or with the event loop served between the parts by `finishInTurns`.
 */
export type Parts = Generator<void, void>;

/** Multiply-and-adds of one part; about 10 ms on a core of 2024. */
export const OPERATIONS_PER_PART = 1 << 22;

export function finish(parts: Parts): void {
  while (parts.next().done !== true);
}

export async function finishInTurns(parts: Parts): Promise<void> {
  while (parts.next().done !== true) await setImmediate();
}
