import type { Signature } from '#serving-client';
import { unsupportedCombination } from '#preprocessing';
import type { ModelSpec } from './model-spec.js';

export const INPUT_DTYPES = ['DT_FLOAT', 'DT_HALF', 'DT_UINT8', 'DT_STRING'] as const;
export type InputDtype = (typeof INPUT_DTYPES)[number];

/** How images are sent to a signature. */
export interface InputBinding {
  readonly signatureName: string;
  readonly inputAlias: string;
  readonly dtype: InputDtype;
  /** Whether one call may hold several images; else the signature has room for one. */
  readonly isBatched: boolean;
}

/** What is sent to a model and what is read from its answer. */
export interface Binding extends InputBinding {
  readonly outputAlias: string;
}

/** The served signature and the spec contradict each other; nothing can be predicted. */
export class SignatureMismatchError extends Error {
  override readonly name = 'SignatureMismatchError';

  /** @param isMissing there is no signature of that name at all */
  constructor(
    message: string,
    readonly isMissing = false,
  ) {
    super(message);
  }
}

/**
 * Holds the spec's signature of a model against the spec: images in, a score per label out.
 *
 * @throws SignatureMismatchError with what the signature says and what the spec needs
 */
export function bindSignature(
  spec: ModelSpec,
  signatures: Readonly<Record<string, Signature>>,
): Binding {
  const name = spec.signature;
  const input = bindInput(spec, signatures, name);
  const [outputAlias, output] = onlyOne(signatures[name]!.outputs, 'output', name);
  if (!['DT_FLOAT', 'DT_HALF', 'DT_DOUBLE'].includes(output.dtype)) {
    throw new SignatureMismatchError(`output ${outputAlias} is ${output.dtype}, expected floats`);
  }
  expectShape(`output ${outputAlias}`, output.shape, [1, spec.labels.length]);
  return { ...input, outputAlias };
}

/**
 * How the spec's images are sent to a signature, whatever it answers.
 *
 * @throws SignatureMismatchError where there is no such signature, or it does not take them
 */
export function bindInput(
  spec: ModelSpec,
  signatures: Readonly<Record<string, Signature>>,
  signatureName: string,
): InputBinding {
  if (!Object.hasOwn(signatures, signatureName)) {
    const names = Object.keys(signatures).join(', ');
    throw new SignatureMismatchError(`signature ${signatureName} is not among ${names}`, true);
  }
  const { inputs, outputs } = signatures[signatureName]!;
  const [inputAlias, input] = onlyOne(inputs, 'input', signatureName);
  const dtype = INPUT_DTYPES.find((name) => name === input.dtype);
  if (dtype === undefined) {
    throw new SignatureMismatchError(
      `input ${inputAlias} is ${input.dtype}, expected one of ${INPUT_DTYPES.join(', ')}`,
    );
  }
  const fault = dtype === 'DT_UINT8' ? unsupportedCombination(spec.image, 'uint8') : undefined;
  if (fault !== undefined) throw new SignatureMismatchError(fault);
  const [height, width] = spec.image.size;
  expectShape(
    `input ${inputAlias}`,
    input.shape,
    dtype === 'DT_STRING' ? [1] : [1, height, width, 3],
  );
  const isBatched = [input, ...Object.values(outputs)].every(({ shape }) => shape?.[0] !== 1);
  return { signatureName, inputAlias, dtype, isBatched };
}

function onlyOne<T>(tensors: Readonly<Record<string, T>>, kind: string, name: string): [string, T] {
  const entries = Object.entries(tensors);
  const [first] = entries;
  if (first === undefined || entries.length > 1) {
    const aliases = entries.map(([alias]) => alias).join(', ');
    throw new SignatureMismatchError(
      `signature ${name} has ${entries.length} ${kind}s (${aliases}), expected one`,
    );
  }
  return first;
}

/** A dimension of -1, and a shape of unknown rank, fit anything. */
function expectShape(what: string, shape: readonly number[] | undefined, wanted: number[]): void {
  if (shape === undefined) return;
  const fits =
    shape.length === wanted.length &&
    shape.every((size, axis) => size === -1 || size === wanted[axis]);
  if (!fits) {
    const expected = ['N', ...wanted.slice(1)].join(', ');
    throw new SignatureMismatchError(`${what} is [${shape.join(', ')}], expected [${expected}]`);
  }
}
