import { EXIT, type ExitCode } from './exit-codes.js';

export interface CommandErrorOptions extends ErrorOptions {
  /** What to do about it, a sentence of its own. */
  readonly hint?: string | undefined;
}

/** Ends a command with words for whoever has called it, and no stack. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly hint: string | undefined;

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    { hint, ...options }: CommandErrorOptions = {},
  ) {
    super(message, options);
    this.hint = hint;
  }
}

/** Arguments or options that cannot be meant. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string, options?: CommandErrorOptions) {
    super(EXIT.usage, message, options);
  }
}

/** A file or folder that cannot be used for what was asked. */
export class InputError extends CommandError {
  override readonly name = 'InputError';

  constructor(message: string, options?: CommandErrorOptions) {
    super(EXIT.input, message, options);
  }
}

/** A server that could not be reached, or that answered with an error. */
export class ServerError extends CommandError {
  override readonly name = 'ServerError';

  constructor(message: string, options?: CommandErrorOptions) {
    super(EXIT.server, message, options);
  }
}

/** Something that the machine would have to have. */
export class MissingError extends CommandError {
  override readonly name = 'MissingError';

  constructor(message: string, options?: CommandErrorOptions) {
    super(EXIT.missing, message, options);
  }
}
