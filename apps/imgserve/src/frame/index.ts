export type { CommandDefinition, Context, Report, Run } from './command.js';
export { CommandError, InputError, MissingError, ServerError, UsageError } from './errors.js';
export { EXIT, type ExitCode } from './exit-codes.js';
export type { Progress } from './progress.js';
export { runProgram, type Screen, type Surroundings } from './run-program.js';
export { PLAIN, type Style } from './style.js';
export { expectFree, writeWhole, writeWholeFile, type WriteOptions } from './write-whole.js';
