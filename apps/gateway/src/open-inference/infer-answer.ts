import { UnusableScoresError } from '#model-spec';
import { toFloat32Array, type Tensor } from '#tensor';
import { toBinary } from './binary-data.js';
import type { RequestedOutput } from './infer-request.js';

/** An output as it is answered. */
export interface InferOutput {
  readonly name: string;
  readonly datatype: 'FP32' | 'BYTES';
  readonly shape: readonly number[];
  readonly parameters?: { readonly binary_data_size: number };
  readonly data?: readonly (number | string)[];
}

export interface InferAnswer {
  readonly output: InferOutput;
  /** What follows the JSON; undefined where the output is in the JSON. */
  readonly binary: Buffer | undefined;
}

/**
 * A model's output, raw or as classes.
 *
 * @throws UnusableScoresError where a value is not finite: JSON has no word for it
 */
export function renderOutput(
  tensor: Tensor,
  { name, classification, binary }: RequestedOutput,
  labels: readonly string[],
): InferAnswer {
  if (!toFloat32Array(tensor).every(Number.isFinite)) {
    throw new UnusableScoresError('a score is not finite');
  }
  const { datatype, shape, list, bytes } =
    classification === undefined ? rawOf(tensor) : classesOf(tensor, classification, labels);
  if (!binary) {
    return { output: { name, datatype, shape, data: list() }, binary: undefined };
  }
  const data = bytes();
  const parameters = { binary_data_size: data.length };
  return { output: { name, datatype, shape, parameters }, binary: data };
}

interface OutputTensor extends Pick<InferOutput, 'datatype' | 'shape'> {
  readonly list: () => (number | string)[];
  readonly bytes: () => Buffer;
}

function rawOf(output: Tensor): OutputTensor {
  const values = toFloat32Array(output);
  return {
    datatype: 'FP32',
    shape: output.shape,
    // Nine digits tell every float32 from its neighbours.
    list: () => Array.from(values, (value) => Number(value.toPrecision(9))),
    // A copy, little-endian as every processor that Node runs on.
    bytes: () => Buffer.from(values.slice().buffer),
  };
}

/** The best classes of each row, as Triton writes them: `value:index:label`, six decimals. */
function classesOf(output: Tensor, count: number, labels: readonly string[]): OutputTensor {
  const values = toFloat32Array(output);
  const rows = output.shape[0]!;
  const classes = Math.min(count, labels.length);
  const elements = Array.from({ length: rows }, (_, row) => {
    const scores = values.subarray(row * labels.length, (row + 1) * labels.length);
    return [...scores.keys()]
      .sort((a, b) => scores[b]! - scores[a]!)
      .slice(0, classes)
      .map((index) => `${scores[index]!.toFixed(6)}:${index}:${labels[index]!}`);
  }).flat();
  return {
    datatype: 'BYTES',
    shape: [rows, classes],
    list: () => elements,
    bytes: () => toBinary(elements),
  };
}
