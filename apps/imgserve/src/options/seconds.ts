import { InvalidArgumentError } from 'commander';

/** For an option such as `--timeout 5`: seconds of at most an hour, in milliseconds. */
export function milliseconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0 || seconds > 3600) throw new InvalidArgumentError('Expected seconds, above 0.');
  return seconds * 1000;
}
