import { bindSignature, parseModelSpec, SignatureMismatchError, type ModelSpec } from '#model-spec';
import type { Signature } from '#serving-client';
import { InputError, UsageError } from '../frame/index.js';
import type { SignatureInfo } from '../model-file/model-info.js';
import { FAMILIES, presetOf, type Preset } from './presets.js';
import type { Target } from './target.js';

export interface SpecOptions {
  readonly preset?: string;
  readonly name?: string;
  readonly size?: string;
  readonly resample?: string;
  readonly fit?: string;
  readonly scaling?: string;
  readonly decode?: string;
  readonly scores?: string;
}

/** A spec as it is written, defaults and all. */
export interface SpecDocument {
  readonly name: string;
  readonly signature: string;
  readonly image: Readonly<Record<string, unknown>>;
  readonly scores: string;
  readonly labels: readonly string[];
}

/**
 * The spec of a model: from its signature, its preset and the options, which count first.
 *
 * @throws UsageError where something is left open that only the caller can know; InputError where the
 * spec and the signature contradict each other
 */
export function makeSpec(
  target: Target,
  labels: readonly string[],
  options: SpecOptions,
): SpecDocument {
  const preset = options.preset === undefined ? undefined : presetFor(options.preset);
  const document = {
    name: options.name ?? target.name,
    signature: target.signatureName,
    image: {
      size: sizeOf(target, preset, options.size),
      resample: options.resample ?? 'nearest',
      fit: options.fit ?? 'stretch',
      scaling: scalingOf(target, preset, options.scaling),
      decode: options.decode ?? 'exact',
    },
    scores: scoresOf(target, options.scores),
    labels,
  };
  expectSoManyScores(target, labels);
  expectFit(parsed(document), target);
  return document;
}

/** @throws UsageError, with the names that there are, for another */
export function presetFor(name: string): Preset {
  const preset = presetOf(name);
  if (preset !== undefined) return preset;
  throw new UsageError(`there is no preset ${name}`, {
    hint: `Presets are ${Object.keys(FAMILIES).join(', ')}, and the models of each, such as EfficientNetB3.`,
  });
}

function sizeOf(
  { signature }: Target,
  preset: Preset | undefined,
  given: string | undefined,
): number[] {
  if (given !== undefined) {
    const match = /^(\d{1,4})(?:[x×,](\d{1,4}))?$/.exec(given);
    if (match === null)
      throw new UsageError(`--size: expected 224 or 224x224 but received ${given}`);
    return [Number(match[1]), Number(match[2] ?? match[1])];
  }
  const shape = inputOf(signature)?.shape;
  const [height = -1, width = -1] = shape?.length === 4 ? shape.slice(1, 3) : [];
  if (height > 0 && width > 0) return [height, width];
  if (preset !== undefined) return [preset.size, preset.size];
  throw new UsageError('the model leaves open how large its pictures are', {
    hint: 'Give --size, such as 224x224, or --preset.',
  });
}

function scalingOf(
  { signature }: Target,
  preset: Preset | undefined,
  given: string | undefined,
): unknown {
  if (given !== undefined) {
    const numbers = given.split(',').map(Number);
    const isPair = numbers.length === 2 && given.split(',').every((part) => part.trim() !== '');
    return isPair ? { scale: numbers[0], offset: numbers[1] } : given;
  }
  if (preset !== undefined) return preset.scaling;
  // The graph scales by itself.
  if (['DT_UINT8', 'DT_STRING'].includes(inputOf(signature)?.dtype ?? '')) return 'none';
  throw new UsageError('how the model was trained to be given pixels is not in its file', {
    hint: 'Give --preset, the keras.applications network that it is built on, or --scaling: tf (x/127.5-1), torch, caffe, unit (x/255), none or SCALE,OFFSET.',
  });
}

function scoresOf({ scores, lastOp }: Target, given: string | undefined): string {
  if (given !== undefined) return given;
  if (scores !== undefined) return scores;
  const why =
    lastOp === undefined
      ? 'what makes its scores cannot be told'
      : `its scores are made by ${lastOp}`;
  throw new UsageError(`${why}, so that it is not known what they are`, {
    hint: 'Give --scores probabilities where they end in a softmax or sigmoid, --scores logits where they do not.',
  });
}

function expectSoManyScores({ signature }: Target, labels: readonly string[]): void {
  const shape = Object.values(signature.outputs)[0]?.shape;
  const count = shape?.length === 2 ? shape[1]! : -1;
  if (count < 0 || count === labels.length) return;
  throw new InputError(`there are ${labels.length} labels, but the model gives ${count} scores`, {
    hint:
      count === 1
        ? 'A single score, of a sigmoid, is no classification into classes: end the model in two scores and a softmax.'
        : 'Each score needs its label, in the order of training.',
  });
}

function parsed(document: SpecDocument): ModelSpec {
  try {
    return parseModelSpec(document);
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** As the gateway will, before it counts a model as ready. */
function expectFit(spec: ModelSpec, { signature, signatureName }: Target): void {
  try {
    bindSignature(spec, { [signatureName]: asServed(signature) });
  } catch (cause) {
    if (!(cause instanceof SignatureMismatchError)) throw cause;
    throw new InputError(`the gateway cannot ask this signature: ${cause.message}`, { cause });
  }
}

function asServed({
  inputs,
  outputs,
  method_name: methodName = '',
}: Target['signature']): Signature {
  const tensors = (all: SignatureInfo['inputs']): Signature['inputs'] =>
    Object.fromEntries(
      Object.entries(all).map(([alias, { dtype, shape, name = '' }]) => [
        alias,
        {
          dtype: dtype as Signature['inputs'][string]['dtype'],
          shape: shape === null ? undefined : [...shape],
          tensorName: name,
        },
      ]),
    );
  return { inputs: tensors(inputs), outputs: tensors(outputs), methodName };
}

function inputOf({ inputs }: Target['signature']): SignatureInfo['inputs'][string] | undefined {
  return Object.values(inputs)[0];
}
