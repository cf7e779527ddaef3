import { Fault } from './fault.js';

/** Longer than any deadline here; whoever has not answered by then hangs. */
export const PATIENCE_MS = 90_000;

/** @throws Fault where it takes too long */
export async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Fault(`no answer within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
