import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { projectPath } from '#project';
import { PythonError } from './errors.js';
import { OutputTail } from './output.js';

/** Where the scripts lie, with `protocol.py`, which says how they talk. */
export function scriptPath(name: string): string {
  return projectPath('apps', 'imgserve', 'python', name);
}

/** One line of a script's; the names are the script's own. */
export type ScriptEvent = Readonly<Record<string, unknown>>;

/**
 * Runs a script and gives what it tells as it tells it. Whoever stops listening ends it.
 *
 * @param python an interpreter that has what the script needs
 * @param script such as `scriptPath('golden.py')`
 * @param asked what the script is given
 * @throws PythonError with the script's own reason, or the end of what it wrote where it broke down;
 *   the signal's reason
 */
export function runScript(
  python: string,
  script: string,
  asked: unknown,
  signal?: AbortSignal,
): AsyncGenerator<ScriptEvent, void, undefined> {
  return runTalking(python, ['-u', script], asked, signal);
}

/** The same for any program that talks as the scripts do, such as one of them in a container. */
export async function* runTalking(
  command: string,
  args: readonly string[],
  asked: unknown,
  signal?: AbortSignal,
): AsyncGenerator<ScriptEvent, void, undefined> {
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const stop = (): void => void child.kill();
  signal?.addEventListener('abort', stop);
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  // Awaited below; a script that cannot be started rejects earlier.
  closed.catch(() => undefined);
  // One that ends before it has read everything says why itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(asked));
  const tail = new OutputTail(child.stderr);
  try {
    for await (const line of createInterface(child.stdout)) {
      const event = JSON.parse(line) as ScriptEvent;
      if (typeof event['error'] === 'string') throw new PythonError(event['error']);
      yield event;
    }
    const [code, killed] = await closed;
    signal?.throwIfAborted();
    if (code !== 0) {
      throw new PythonError(
        `${basename(args.at(-1)!)} ended with ${code ?? killed ?? 'nothing'}.`,
        {
          output: tail.toString(),
        },
      );
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}
