import type { Style } from '../frame/index.js';

interface Difference {
  readonly format: string;
  readonly signature: string;
  /** The largest difference of a score from Keras'. */
  readonly scores: number;
  readonly tolerance: number;
  /** Share of pictures whose best class is Keras', 0 to 1. */
  readonly same_best: number;
}

/** What `convert.py` tells in the end. */
export interface Conversion {
  readonly folder: string;
  readonly input: {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly (number | null)[];
  };
  readonly output: { readonly name: string; readonly shape: readonly (number | null)[] };
  readonly differences: readonly Difference[];
  readonly pictures: number;
  readonly warmup_requests: number;
  /** What is not there, or not exact, and why. */
  readonly notes: readonly string[];
  /** What differs too much; nothing is written then. */
  readonly faults: readonly string[];
}

export function resultText(result: Conversion, { bold }: Style): string {
  const { input, output, differences, faults } = result;
  const width = Math.max(...differences.map(({ signature }) => signature.length));
  const lines = differences.map(
    ({ format, signature, scores, same_best }) =>
      `  ${format.padEnd(10)}  ${signature.padEnd(width)}  ${scores.toExponential(1).padStart(7)}  ${percent(same_best)}`,
  );
  return [
    faults.length > 0 ? 'Nothing was written' : bold(result.folder),
    `${input.name} ${input.dtype} ${shape(input.shape)} -> ${output.name} ${shape(output.shape)}`,
    '',
    `Largest difference of a score from Keras, and same best class, on ${result.pictures} pictures:`,
    ...lines,
    ...(faults.length > 0 ? ['', ...faults] : []),
    ...(result.notes.length > 0 ? ['', ...result.notes] : []),
  ].join('\n');
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const shape = (sizes: readonly (number | null)[]): string =>
  `[${sizes.map((size) => size ?? 'N').join(', ')}]`;
