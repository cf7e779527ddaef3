import type { Signal } from './signal.js';
/**
 * Waits for `promise`, but no longer than until `signal` aborts; rejects with its reason then. What
 * the promise stands for goes on: use it only for work that cannot be stopped.
 */
export async function abortable<T>(promise: Promise<T>, signal: Signal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: () => void;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort!);
  }
}
