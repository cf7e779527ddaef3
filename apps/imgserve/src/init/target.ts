import { basename, dirname, parse, resolve } from 'node:path';
import { InputError } from '../frame/index.js';
import { readModel } from '../model-file/read-model.js';
import type { SignatureInfo } from '../model-file/model-info.js';
import { isGrpcAddress, parseGrpcAddress } from '../served/grpc-address.js';

/** What is to be described: what its signature says, and how its scores are made. */
export interface Target {
  /** As a model's name, from the path. */
  readonly name: string;
  readonly signatureName: string;
  readonly signature: Omit<SignatureInfo, 'last_ops'>;
  /** What its scores are, where that can be told. */
  readonly scores: 'logits' | 'probabilities' | undefined;
  /** Why not, or why so: an operation or an activation. */
  readonly lastOp: string | undefined;
  /** A Keras file has to be converted before it is served. */
  readonly isServable: boolean;
}

const PROBABILITIES = ['Softmax', 'Sigmoid', 'softmax', 'sigmoid', 'StatelessSoftmax'];
const LOGITS = ['BiasAdd', 'MatMul', 'Gemm', 'Add', 'AddV2', '_FusedMatMul', 'Conv', 'linear'];

/**
 * Finds the signature that a spec is to be written for.
 *
 * @throws InputError where there is none, or several and none is called `serving_default`; ServerError
 */
export async function findTarget(
  path: string,
  wanted: string | undefined,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Target> {
  if (isGrpcAddress(path)) {
    const { inspectServed } = await import('../inspect/inspect-served.js');
    const { signatures, version } = await inspectServed(path, options);
    if (version === null) throw new InputError(`${path}: no version is available`);
    const { model: name } = parseGrpcAddress(path);
    return { name, ...choose(path, signatures, wanted), ...scoresBy(undefined), isServable: true };
  }
  const info = readModel(path);
  const name = nameOf(path);
  if (info.format === 'saved_model') {
    const graph = info.meta_graphs.find(({ tags }) => tags.includes('serve'));
    const { signatures } = graph ?? info.meta_graphs[0]!;
    const { signatureName, signature } = choose(path, signatures, wanted);
    const op = Object.values(signature.last_ops)[0];
    return { name, signatureName, signature, ...scoresBy(op), isServable: true };
  }
  if (info.format === 'onnx') {
    const file = basename(info.path, '.onnx');
    const signatureName = wanted ?? (file === 'model' ? 'serving_default' : file);
    const op = Object.values(info.signature.last_ops)[0];
    return { name, signatureName, signature: info.signature, ...scoresBy(op), isServable: true };
  }
  const { input_shapes: shapes, last_layer: last } = info;
  if (info.class_name === null) throw new InputError(`${path}: it holds weights alone`);
  const input = shapes[0] ?? null;
  const signature = {
    inputs: { input: { dtype: 'DT_FLOAT', shape: input && input.map((size) => size ?? -1) } },
    outputs: {
      output: { dtype: 'DT_FLOAT', shape: last?.units == null ? null : [-1, last.units] },
    },
  };
  const op = last?.activation ?? last?.class_name;
  const signatureName = wanted ?? 'serving_default';
  return { name, signatureName, signature, ...scoresBy(op), isServable: false };
}

function choose<S>(
  path: string,
  all: Readonly<Record<string, S>>,
  wanted: string | undefined,
): { readonly signatureName: string; readonly signature: S } {
  const names = Object.keys(all).filter((name) => !name.startsWith('__saved_model_'));
  const [first] = names;
  const name = wanted ?? (names.length === 1 ? first! : 'serving_default');
  const signature = all[name];
  if (signature !== undefined) return { signatureName: name, signature };
  if (first === undefined) throw new InputError(`${path}: it has no signatures to be called by`);
  throw new InputError(`${path}: it has no signature ${name}`, {
    hint: `Choose one with --signature: ${names.join(', ')}.`,
  });
}

function scoresBy(op: string | undefined): Pick<Target, 'scores' | 'lastOp'> {
  if (op !== undefined && PROBABILITIES.includes(op))
    return { scores: 'probabilities', lastOp: op };
  if (op !== undefined && LOGITS.includes(op)) return { scores: 'logits', lastOp: op };
  return { scores: undefined, lastOp: op };
}

/** The folder's or the file's name; of a version, and of what lies in one, the folder's above it. */
function nameOf(path: string): string {
  const whole = resolve(path);
  const { name, ext } = parse(whole);
  if (/^\d+$/.test(basename(whole))) return basename(dirname(whole));
  if (['model', 'saved_model'].includes(name) && ext !== '') return nameOf(dirname(whole));
  return /^\.(onnx|keras|h5|hdf5|pb)$/i.test(ext) ? name : basename(whole);
}
