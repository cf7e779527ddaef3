import { CommanderError } from 'commander';
import type { CommandDefinition, Context } from './command.js';
import { CommandError } from './errors.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { makeProgram, type GlobalOptions } from './make-program.js';
import { progressOn } from './progress.js';
import { styleFor } from './style.js';

/** A stream that is written to, and may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, written?: () => void): unknown;
}

export interface Surroundings {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * Runs one command line: its answer goes to stdout, everything else to stderr.
 *
 * @param args without the program's own name
 * @returns what the process should end with
 */
export async function runProgram(
  definitions: readonly CommandDefinition[],
  args: readonly string[],
  { stdout, stderr, env, version, signal }: Surroundings,
): Promise<ExitCode> {
  const progress = progressOn(stderr);
  let exitCode: ExitCode = EXIT.ok;
  const print = async (text: string): Promise<void> => {
    progress.clear();
    await written(stdout, `${text}\n`);
  };
  const contextOf = ({ json, color }: GlobalOptions): Context => ({
    signal,
    progress,
    env,
    note: (message) => {
      progress.clear();
      stderr.write(`${message}\n`);
    },
    line: async (text) => {
      if (json !== true) await print(text(styleFor(stdout, env, color)));
    },
  });
  const program = makeProgram(
    definitions,
    version,
    { out: (text) => stdout.write(text), err: (text) => stderr.write(text) },
    contextOf,
    async (report, { json, color }) => {
      progress.clear();
      const style = styleFor(stdout, env, color);
      const text = json === true ? JSON.stringify(report.json, null, 2) : report.text(style);
      if (text !== '') await print(text);
      if (report.isFailed === true) exitCode = EXIT.failed;
    },
  );
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    progress.clear();
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const failure = failureOf(error);
    // As it stands: what could not be parsed may hold no options yet.
    if (args.includes('--json')) await written(stdout, `${jsonOf(failure)}\n`);
    // Commander has told it already.
    if (!(error instanceof CommanderError)) {
      const { red } = styleFor(stderr, env, !args.includes('--no-color'));
      stderr.write(`${red('error:')} ${failure.message}\n`);
      if (failure.hint !== undefined) stderr.write(`${failure.hint}\n`);
      if (args.includes('--verbose')) stderr.write(`${stackOf(error)}\n`);
    }
    return failure.exitCode;
  }
}

interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return error;
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replace(/^\(outputHelp\)$/, 'no command');
    return { exitCode: EXIT.usage, message };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'This is a fault of imgserve; --verbose shows where.';
  return { exitCode: EXIT.internal, message, hint };
}

function jsonOf({ message, hint, exitCode }: Failure): string {
  return JSON.stringify({ error: { message, hint, exitCode } }, null, 2);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function written(stream: Screen, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => {
      resolve();
    });
  });
}
