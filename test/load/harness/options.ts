import { parseArgs } from 'node:util';
import type { Environment } from '#config';

/** The options of a benchmark by name, each with its default and what it means. */
export type Described = Readonly<Record<string, readonly [byDefault: string, meaning: string]>>;

/**
 * Reads `--name value` from the command line; `--out FILE` is always there. `--help`, or an option that
 * is not known, ends the process with what there is to know.
 *
 * @param bare the option that may also be given as a value alone
 */
export function readOptions<T extends Described>(
  purpose: string,
  described: T,
  bare?: keyof T & string,
): Readonly<Record<keyof T, string>> & { readonly out: string | undefined } {
  const all: Described = { ...described, out: ['', 'write the tables to this file, too'] };
  const options = Object.fromEntries(
    Object.entries(all).map(([name, [byDefault]]) => [
      name,
      { type: 'string' as const, default: byDefault },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: bare !== undefined,
    });
    if (values['help']) end(usage(purpose, all), 0);
    const texts = values as Record<keyof T | 'out', string>;
    const alone = bare !== undefined && positionals[0] !== undefined && { [bare]: positionals[0] };
    return { ...texts, ...alone, out: texts.out || undefined };
  } catch (error) {
    end(`${error instanceof Error ? error.message : String(error)}\n\n${usage(purpose, all)}`, 2);
  }
}

/** Ends the process where a number is none. */
export function numberOf(name: string, text: string, atLeast = 0): number {
  const value = Number(text);
  if (text !== '' && value >= atLeast && Number.isFinite(value)) return value;
  end(`--${name}: expected a number of at least ${atLeast} but received ${text || 'nothing'}`, 2);
}

/** Reads `NAME=VALUE,…`; ends the process where a part is none. */
export function variablesOf(text: string): Environment {
  const parts = text.split(',').filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const match = /^(\w+)=(.*)$/.exec(part);
      if (match === null) end(`--set: expected NAME=VALUE but received ${part}`, 2);
      return [match[1]!, match[2]!];
    }),
  );
}

/** Ends the process where a word is none of the choices. */
export function choiceOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  end(`--${name}: expected one of ${choices.join(', ')} but received ${text || 'nothing'}`, 2);
}

function usage(purpose: string, described: Described): string {
  const lines = Object.entries(described).map(
    ([name, [byDefault, meaning]]) =>
      `  --${name.padEnd(12)} ${meaning}${byDefault ? ` (${byDefault})` : ''}`,
  );
  return [purpose, '', ...lines].join('\n');
}

function end(text: string, status: number): never {
  console.error(text);
  process.exit(status);
}
