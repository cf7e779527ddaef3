import { ModelNotFoundError } from '#serving-client';
import type { VersionChoice } from './version-choice.js';

/** A model in the path of a route. */
export interface ModelParams {
  readonly name: string;
  readonly version?: string;
  readonly label?: string;
}

/** A model's name in a path, up to the colon of a verb behind it. */
export const NAME = ':name(^[^/:]+)';
export const VERSION = 'versions/:version(^[^/:]+)';
export const LABEL = 'labels/:label(^[^/:]+)';

const VERSION_NUMBER = /^(0|[1-9]\d{0,18})$/;

/** @throws ModelNotFoundError where the version is no number */
export function choiceOf({ version, label }: ModelParams): VersionChoice {
  if (version !== undefined && !VERSION_NUMBER.test(version)) throw new ModelNotFoundError();
  return { version, versionLabel: label };
}
