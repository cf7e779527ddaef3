import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DataTypeName } from '#protos';
import { dataTypeOf } from './element-types.js';

/** An input or output of a signature: what the ONNX graph declares under that name. */
export interface TensorSpec {
  readonly alias: string;
  readonly dtype: DataTypeName;
  readonly type: Tensor.Type;
  /** A string is a symbolic size. Undefined: the graph declares none (or a scalar, which looks the same). */
  readonly shape: readonly (number | string)[] | undefined;
}

/** One way to call a model version: a graph of its own. Aliases are in ascending order. */
export interface Signature {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /**
   * Whether each input and output declares a first dimension of any size, so that requests can be
   * joined along it.
   */
  readonly batched: boolean;
}

export interface SessionMetadata {
  inputs: readonly InferenceSession.ValueMetadata[];
  outputs: readonly InferenceSession.ValueMetadata[];
}

/** @throws Error for a graph whose inputs or outputs the API cannot carry */
export function signatureFrom(name: string, metadata: SessionMetadata): Signature {
  const inputs = metadata.inputs.map(specFrom).sort(byAlias);
  const outputs = metadata.outputs.map(specFrom).sort(byAlias);
  const batched = [...inputs, ...outputs].every(({ shape }) => typeof shape?.[0] === 'string');
  return { name, inputs, outputs, batched: batched && inputs.length > 0 };
}

function specFrom(value: InferenceSession.ValueMetadata): TensorSpec {
  if (!value.isTensor) throw new Error(`${value.name} is not a tensor`);
  const dtype = dataTypeOf(value.type);
  if (dtype === undefined) throw new Error(`${value.name} has the unsupported type ${value.type}`);
  const shape = value.shape.length > 0 ? value.shape : undefined;
  return { alias: value.name, dtype, type: value.type, shape };
}

/** As std::set orders them, which is how TF Serving lists aliases. */
const byAlias = (a: TensorSpec, b: TensorSpec) => (a.alias < b.alias ? -1 : 1);
