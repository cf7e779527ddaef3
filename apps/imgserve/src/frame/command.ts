import type { Command } from 'commander';
import type { Progress } from './progress.js';
import type { Style } from './style.js';

/** What a command is given beside its own arguments. */
export interface Context {
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells, on stderr, what its answer does not hold. */
  readonly note: (message: string) => void;
  /** Prints a line of the answer that need not wait for the rest of it; nothing with `--json`. */
  readonly line: (text: (style: Style) => string) => Promise<void>;
}

/** What a command has found or done. */
export interface Report {
  /** For `--json`: one object, its shape described in README.md. */
  readonly json: object;
  /** For people; ends without a line break. Empty where each line has been printed. */
  readonly text: (style: Style) => string;
  /** What was asked to be checked does not hold: the process ends with 1. */
  readonly isFailed?: boolean;
}

/**
 * @param args as declared; a variadic one is a list
 * @param options by their names in camel case
 * @throws CommandError; anything else counts as a fault of our own
 */
export type Run<Args, Options> = (
  args: Args,
  options: Options,
  context: Context,
) => Promise<Report>;

/** One command: declared at once, loaded only when it is run. */
export interface CommandDefinition {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More than that, for the command's own help. */
  readonly description?: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** Adds arguments and options. */
  readonly declare: (command: Command) => void;
  readonly load: () => Promise<Run<never, never>>;
}
