import { pino, type Logger } from 'pino';
import { pinoPretty } from './pretty.js';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const LOG_FORMATS = ['json', 'pretty'] as const;

/** For people in a terminal, for machines everywhere else. */
export const DEFAULT_LOG_FORMAT = process.stdout.isTTY ? 'pretty' : 'json';

export interface LoggerOptions {
  /** The app's name, on every line. */
  name: string;
  level: string;
  format: string;
}

/** A pino logger on standard output: one JSON object a line, ISO times, or lines for people. */
export async function createLogger({ name, level, format }: LoggerOptions): Promise<Logger> {
  const options = {
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return format === 'pretty' ? pino(options, await pinoPretty()) : pino(options);
}
