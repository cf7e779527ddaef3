import { InvalidArgumentError } from 'commander';

/** Reads an option's value as a whole number. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** The same for an option that takes several. */
export function wholeNumbers(
  least: number,
  most: number,
): (text: string, before: readonly number[] | undefined) => readonly number[] {
  const read = wholeNumber(least, most);
  return (text, before = []) => [...before, read(text)];
}

/** Reads an option's value as a number. */
export function decimal(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d*\.?\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    }
    return value;
  };
}
