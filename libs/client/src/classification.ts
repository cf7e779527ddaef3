import { errorOfProblem, type GatewayError } from './errors.js';
import type { components } from './openapi.js';
import type { Classification } from './types.js';

type Place = components['schemas']['Predictions']['predictions'][number];
type Failed = components['schemas']['ImageProblem'];

/** One image of a batch: its classes, or why it has none. */
export type BatchPlace =
  (Classification & { readonly error?: undefined }) | { readonly error: GatewayError };

/** Sorted here: objects put keys such as "7" first, whatever was sent. */
export function classificationOf(scores: Readonly<Record<string, number>>): Classification {
  const best = Object.entries(scores)
    .map(([label, probability]) => ({ label, probability }))
    .sort((a, b) => b.probability - a.probability);
  return { scores, best };
}

export function placeOf(place: Place): BatchPlace {
  return isFailed(place) ? { error: errorOfProblem(place.error) } : classificationOf(place);
}

/** A class may be called "error" too; its probability is a number. */
function isFailed(place: Place): place is Failed {
  return typeof place.error === 'object';
}
