import { InvalidRequestError } from '../errors/errors.js';

export interface PredictQuery {
  /** How many of the best classes to answer; undefined: all, in label order. */
  readonly top: number | undefined;
  readonly model: string | undefined;
}

/** @throws InvalidRequestError that names the parameter */
export function parsePredictQuery(query: unknown): PredictQuery {
  const { top, model } = query as Record<string, unknown>;
  if (top !== undefined && !(typeof top === 'string' && /^[1-9]\d{0,8}$/.test(top))) {
    throw new InvalidRequestError('Expected "top" to be an integer of at least 1.');
  }
  if (model !== undefined && (typeof model !== 'string' || model === '')) {
    throw new InvalidRequestError('Expected "model" to be one name.');
  }
  return { top: top === undefined ? undefined : Number(top), model };
}
