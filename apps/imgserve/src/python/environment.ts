import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PythonError } from './errors.js';
import { checkInterpreter, findInterpreter, type Interpreter } from './interpreter.js';
import { OutputTail } from './output.js';

export interface EnvironmentOptions {
  /** A `requirements.txt` whose every version is pinned. */
  readonly requirements: string;
  /** The user's own Python, which is taken as it is: nothing is installed into it. */
  readonly python?: string | undefined;
  /** Where environments are kept; `imgserve` in the user's cache where it is left out. */
  readonly cache?: string;
  /** Told, a line at a time, what takes so long. */
  readonly progress?: (line: string) => void;
  /** Ends the making, of which nothing stays. */
  readonly signal?: AbortSignal;
}

/**
 * The Python to run a script with that needs these requirements: a virtual environment, made once for
 * each text of requirements and version of Python, or the user's own.
 *
 * @returns the path of the interpreter
 * @throws PythonError where there is no Python that will do, or the requirements cannot be installed;
 *   the signal's reason
 */
export async function pythonEnvironment(options: EnvironmentOptions): Promise<string> {
  if (options.python !== undefined) return (await checkInterpreter(options.python)).command;
  const interpreter = await findInterpreter();
  const text = await readFile(options.requirements, 'utf8');
  const key = createHash('sha256').update(`${interpreter.version}\n${text}`).digest('hex');
  const folder = join(options.cache ?? cacheFolder(), `python-${key.slice(0, 16)}`);
  if (!(await isThere(pythonIn(folder)))) await make(folder, interpreter, options);
  return pythonIn(folder);
}

/** Made beside its place and then renamed, so that what has a name is whole. */
async function make(
  folder: string,
  { command }: Interpreter,
  { requirements, progress = () => undefined, signal }: EnvironmentOptions,
): Promise<void> {
  const making = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    progress(`making a virtual environment in ${folder}, once`);
    await runQuietly(command, ['-m', 'venv', making], progress, signal);
    const install = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check'];
    await runQuietly(pythonIn(making), [...install, '-r', requirements], progress, signal);
    await rename(making, folder).catch((error: unknown) => {
      // Another has been as quick.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function runQuietly(
  command: string,
  args: readonly string[],
  progress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill();
  signal?.addEventListener('abort', stop);
  const tail = new OutputTail(child.stderr);
  createInterface(child.stdout).on('line', (line) => {
    progress(line.trim());
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal?.throwIfAborted();
    if (code !== 0) {
      const what = args.includes('pip') ? 'The requirements could not be installed' : 'No venv';
      throw new PythonError(`${what}: ${command} ${args.join(' ')} failed.`, {
        output: tail.toString(),
      });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'imgserve');
}

function pythonIn(folder: string): string {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', 'python.exe')
    : join(folder, 'bin', 'python');
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
