import { InvalidRequestError } from '../errors/errors.js';
import type { VersionChoice } from '../models/version-choice.js';

export interface PredictQuery {
  /** How many of the best classes to answer; undefined: all, in label order. */
  readonly top: number | undefined;
  readonly model: string | undefined;
  readonly choice: VersionChoice;
}

const TOP = /^[1-9]\d{0,8}$/;
const VERSION = /^[1-9]\d{0,18}$/;
const LABEL = /^\S{1,128}$/;

/** @throws InvalidRequestError that names the parameter */
export function parsePredictQuery(query: unknown): PredictQuery {
  const parameters = query as Record<string, unknown>;
  const top = read(parameters, 'top', TOP, 'an integer of at least 1');
  const model = read(parameters, 'model', /^/, 'one name');
  const version = read(parameters, 'version', VERSION, 'a version number');
  const versionLabel = read(parameters, 'label', LABEL, 'a version label');
  if (version !== undefined && versionLabel !== undefined) {
    throw new InvalidRequestError('Expected either "version" or "label" but received both.');
  }
  return {
    top: top === undefined ? undefined : Number(top),
    model,
    choice: { version, versionLabel },
  };
}

function read(
  parameters: Record<string, unknown>,
  name: string,
  pattern: RegExp,
  expected: string,
): string | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '' || !pattern.test(value)) {
    throw new InvalidRequestError(`Expected "${name}" to be ${expected}.`);
  }
  return value;
}
