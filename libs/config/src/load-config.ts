import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigError } from './errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a config class from the environment: each property is a variable of the same name, and
 * its initializer the default. An empty string counts as unset. `NAME_FILE` gives the value of
 * NAME as the content of a file, less one trailing newline, as Kubernetes mounts a Secret. An empty
 * file is a fault: whoever names one means to set something, such as the keys that guard the API.
 *
 * @returns a frozen instance
 * @throws ConfigError that names every fault at once
 */
export function loadConfig<T extends object>(type: new () => T, environment: Environment): T {
  const faults: string[] = [];
  const values: Record<string, string> = {};
  const defaults = new type();
  for (const name of Object.keys(defaults)) {
    const value = environment[name] ?? '';
    const file = environment[`${name}_FILE`] ?? '';
    if (value !== '' && file !== '') {
      faults.push(`${name}: expected either ${name} or ${name}_FILE but received both`);
    } else if (file !== '') {
      const content = readFile(file);
      if (content === undefined) faults.push(`${name}_FILE: expected a readable file`);
      else if (content === '') faults.push(`${name}_FILE: expected a file that is not empty`);
      else values[name] = content;
    } else if (value !== '') {
      values[name] = value;
    }
  }
  const config = plainToInstance(type, values, { exposeDefaultValues: true });
  for (const error of validateSync(config, { forbidUnknownValues: false })) {
    faults.push(...Object.values(error.constraints ?? {}));
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
