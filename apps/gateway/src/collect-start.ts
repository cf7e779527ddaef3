/** Beyond the checks that follow a start, before most traffic. */
const AFTER_MS = 1_000;

/**
 * Collects once what starting has left behind, some ten MiB, and gives it back: an idle process
 * allocates so little that V8 would keep it for hours. The inspector's way, since `gc()` keeps the pages.
 */
export function collectStart(): void {
  setTimeout(() => {
    // A Node built without an inspector keeps what it has.
    collect().catch(() => undefined);
  }, AFTER_MS).unref();
}

async function collect(): Promise<void> {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  // Not within the answer to it, of which the inspector still makes use.
  setImmediate(() => {
    session.disconnect();
  });
}
