import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PythonError } from './errors.js';

const run = promisify(execFile);

/** Minor versions of Python 3 for which the pinned TensorFlow has wheels. */
const OLDEST = 10;
const NEWEST = 13;
const NAMES = ['python3.11', 'python3.12', 'python3.13', 'python3.10', 'python3', 'python'];

export interface Interpreter {
  /** Name or path to run it by. */
  readonly command: string;
  /** Such as `3.11`. */
  readonly version: string;
}

/**
 * A Python to make virtual environments with.
 *
 * @throws PythonError where none is installed that will do
 */
export async function findInterpreter(names: readonly string[] = NAMES): Promise<Interpreter> {
  const others: string[] = [];
  for (const command of names) {
    const version = await versionOf(command).catch(() => undefined);
    if (version === undefined) continue;
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor! >= OLDEST && minor! <= NEWEST) return { command, version };
    others.push(`${command} is ${version}`);
  }
  const found = others.length > 0 ? others.join(', ') : 'none was found';
  throw new PythonError(
    `Expected Python 3.${OLDEST} to 3.${NEWEST} but ${found}: install one, or name yours with --python.`,
  );
}

/**
 * The version of one that the user names.
 *
 * @throws PythonError where it does not run
 */
export async function checkInterpreter(command: string): Promise<Interpreter> {
  try {
    return { command, version: await versionOf(command) };
  } catch (cause) {
    throw new PythonError(`${command} does not run as Python.`, { cause });
  }
}

async function versionOf(command: string): Promise<string> {
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const { stdout } = await run(command, ['-c', program], { timeout: 20_000 });
  const version = stdout.trim();
  if (!/^\d+\.\d+$/.test(version)) throw new Error(`Not a version: ${version}`);
  return version;
}
