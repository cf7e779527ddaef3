import { EXIT } from './exit-codes.js';

/** To stop what is in work, such as a program that was started. */
const GRACE_MS = 3000;

const EXIT_CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/**
 * Aborted by the first SIGINT or SIGTERM. The process then ends when the work has, or after 3 s; a second
 * signal ends it at once. What was begun to be written goes with it.
 */
export function abortedBySignals(): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      process.exitCode = exitCode;
      setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return controller.signal;
}
