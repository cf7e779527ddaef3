import type { Tensor as OrtTensor } from 'onnxruntime-node';
import type { TensorProto } from '#protos';
import { outputNotFound, outputRepeated } from '../errors/messages.js';
import { dataTypeOf } from '../inference/element-types.js';
import type { Signature } from '../inference/signature.js';
import type { Value } from '../inference/values.js';

/**
 * The output aliases that a request asks for: those of its filter, or all.
 * @throws ServingError INVALID_ARGUMENT for one that is unknown or repeated
 */
export function selectOutputs(filter: readonly string[], signature: Signature): readonly string[] {
  const known = signature.outputs.map(({ alias }) => alias);
  const selected = new Set<string>();
  for (const alias of filter) {
    if (!known.includes(alias)) throw outputNotFound(alias, known);
    if (selected.has(alias)) throw outputRepeated(alias);
    selected.add(alias);
  }
  return filter.length === 0 ? known : filter;
}

/**
 * The message that carries an output: elements in the dtype's `*_val` field, which is what TF
 * Serving sends (Tensor::AsProtoField) and what clients that read `float_val` themselves rely on.
 */
export function outputProto({ type, dims, data }: Value): TensorProto {
  const header = { dtype: dataTypeOf(type)!, tensorShape: { dim: dims.map((size) => ({ size })) } };
  if (Array.isArray(data)) {
    return { ...header, stringVal: data.map((text) => Buffer.from(text)) };
  }
  return { ...header, ...FIELDS[type as keyof typeof FIELDS](alignedBuffer(data)) };
}

const FIELDS = {
  float32: (bytes) => ({ floatVal: [...new Float32Array(bytes)] }),
  float64: (bytes) => ({ doubleVal: [...new Float64Array(bytes)] }),
  float16: (bytes) => ({ halfVal: [...new Uint16Array(bytes)] }),
  int8: (bytes) => ({ intVal: [...new Int8Array(bytes)] }),
  int16: (bytes) => ({ intVal: [...new Int16Array(bytes)] }),
  int32: (bytes) => ({ intVal: [...new Int32Array(bytes)] }),
  uint8: (bytes) => ({ intVal: [...new Uint8Array(bytes)] }),
  uint16: (bytes) => ({ intVal: [...new Uint16Array(bytes)] }),
  uint32: (bytes) => ({ uint32Val: [...new Uint32Array(bytes)] }),
  int64: (bytes) => ({ int64Val: Array.from(new BigInt64Array(bytes), String) }),
  uint64: (bytes) => ({ uint64Val: Array.from(new BigUint64Array(bytes), String) }),
  bool: (bytes) => ({ boolVal: Array.from(new Uint8Array(bytes), Boolean) }),
} satisfies Partial<Record<OrtTensor.Type, (bytes: ArrayBuffer) => TensorProto>>;

/** Rows of a batch begin anywhere; typed arrays do not. */
function alignedBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
