import type { Tensor } from '#tensor';
import { float32FromHalf } from '#tensor';
import { UnusableScoresError } from './errors.js';
import type { ModelSpec } from './model-spec.js';

/** float32 holds about seven significant digits; more would be noise. */
const SIGNIFICANT_DIGITS = 7;

/**
 * One image's probabilities in the order of the spec's labels.
 *
 * @param output float, half or double of [1, labels]
 * @throws UnusableScoresError where a score is missing, too many or not finite
 */
export function probabilitiesOf(output: Tensor | undefined, spec: ModelSpec): number[] {
  if (output === undefined) throw new UnusableScoresError('the output is missing');
  const scores = numbersOf(output);
  if (scores.length !== spec.labels.length || output.shape.at(-1) !== scores.length) {
    throw new UnusableScoresError(
      `[${output.shape.join(', ')}] scores for ${spec.labels.length} labels`,
    );
  }
  if (!scores.every(Number.isFinite)) throw new UnusableScoresError('a score is not finite');
  const probabilities = spec.scores === 'logits' ? softmax(scores) : scores;
  return probabilities.map((value) => Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}

function numbersOf({ dtype, data }: Tensor): number[] {
  if (dtype === 'DT_HALF' && data instanceof Uint16Array) return Array.from(float32FromHalf(data));
  if (data instanceof Float32Array || data instanceof Float64Array) return Array.from(data);
  throw new UnusableScoresError(`scores of type ${dtype}`);
}

/** Shifted by the greatest logit, so that exp cannot overflow. */
function softmax(logits: readonly number[]): number[] {
  const greatest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - greatest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
