import { readFile, stat } from 'node:fs/promises';
import type { ImageInput } from '#client';
import { InputError } from '../frame/index.js';
import { findImages } from '../images/find-images.js';

/** What is asked about. */
export interface Input {
  /** As it was named. */
  readonly name: string;
  /** Read when it is its turn. */
  readonly read: () => Promise<ImageInput>;
}

/**
 * Links, files, and the images of folders, in the order in which they are named.
 *
 * @throws InputError where a path cannot be read
 */
export async function* inputsOf(named: readonly string[]): AsyncGenerator<Input, void, undefined> {
  for (const name of named) {
    if (isLink(name)) {
      yield { name, read: () => Promise.resolve({ url: name }) };
      continue;
    }
    try {
      for await (const path of findImages([name])) {
        yield { name: path, read: () => readFile(path) };
      }
    } catch (error) {
      throw new InputError((error as Error).message, { cause: error });
    }
  }
}

/** @throws InputError where a path is not there, or none holds an image */
export async function countInputs(named: readonly string[]): Promise<number> {
  for (const name of named.filter((one) => !isLink(one))) {
    await stat(name).catch((cause: unknown) => {
      throw new InputError(`${name}: there is no such file or folder`, { cause });
    });
  }
  let count = 0;
  for await (const input of inputsOf(named)) if (input.name !== '') count++;
  if (count === 0) throw new InputError(`${named.join(', ')}: expected images`);
  return count;
}

function isLink(name: string): boolean {
  return /^https?:\/\//i.test(name);
}
