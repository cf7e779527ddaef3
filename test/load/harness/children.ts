import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** Sees to it that a process does not outlive this one. */
export function own<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Starts a module of this folder as a process of its own, and sends it what it works on. */
export function startModule(name: string, settings: Serializable): ChildProcess {
  const child = own(fork(join(import.meta.dirname, `${name}.js`), { serialization: 'advanced' }));
  child.send(settings);
  return child;
}

/** @throws Error where the process ends instead of answering */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const gone = (): void => {
    ended.abort(new Error('A process of the benchmark has ended'));
  };
  child.once('exit', gone);
  try {
    const [message] = (await once(child, 'message', { signal: ended.signal })) as [T];
    return message;
  } finally {
    child.off('exit', gone);
  }
}

/** Ends a process, by force where SIGTERM is not enough. */
export async function stop(child: ChildProcess, patienceMs = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}

/** A port that was free a moment ago, for programs that do not tell which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
