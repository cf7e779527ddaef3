import type { Prediction } from '#serving-client';
import { joinTensors, type Tensor } from '#tensor';
import { UnusableScoresError } from '#model-spec';

/**
 * The outputs of several calls as those of one.
 *
 * @param rows how many images were asked about
 * @throws UnusableScoresError where an output does not have a row for each of them
 */
export function joinOutputs(
  predictions: readonly Prediction[],
  rows: number,
): Readonly<Record<string, Tensor>> {
  const aliases = Object.keys(predictions[0]?.outputs ?? {});
  return Object.fromEntries(
    aliases.map((alias) => {
      const tensors = predictions.map(({ outputs }) => outputs[alias]);
      const output = joinOrThrow(alias, tensors);
      if (output.shape[0] !== rows) {
        throw new UnusableScoresError(`${output.shape[0] ?? 'no'} rows of ${alias} for ${rows}`);
      }
      return [alias, output];
    }),
  );
}

function joinOrThrow(alias: string, tensors: readonly (Tensor | undefined)[]): Tensor {
  try {
    return joinTensors(tensors.filter((tensor) => tensor !== undefined));
  } catch (error) {
    throw new UnusableScoresError(`${alias}: ${String(error)}`);
  }
}
