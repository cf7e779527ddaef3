import { endianness } from 'node:os';
import type { DataTypeName, TensorProto } from '#protos';
import { InvalidTensorError } from './errors.js';

// tensor_content is little-endian by definition, and views of it are only right where memory is too.
if (endianness() !== 'LE') {
  throw new Error('Tensors need a little-endian machine');
}

/** Constructors of the arrays that hold elements of a fixed size. */
export type NumericArrayConstructor =
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | Int32ArrayConstructor
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Int8ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor;

export type NumericArray = InstanceType<NumericArrayConstructor>;

/** Fields of a TensorProto that list elements one by one. */
export type ValueField = Exclude<keyof TensorProto, 'dtype' | 'tensorShape' | 'tensorContent'>;

export interface NumericDataType {
  array: NumericArrayConstructor;
  /** Where the elements are when they are not in tensor_content (tensor.proto's comments). */
  valueField: Exclude<ValueField, 'stringVal'>;
}

const NUMERIC_TYPES: Partial<Record<DataTypeName, NumericDataType>> = {
  DT_FLOAT: { array: Float32Array, valueField: 'floatVal' },
  DT_DOUBLE: { array: Float64Array, valueField: 'doubleVal' },
  DT_HALF: { array: Uint16Array, valueField: 'halfVal' },
  DT_BFLOAT16: { array: Uint16Array, valueField: 'halfVal' },
  DT_INT8: { array: Int8Array, valueField: 'intVal' },
  DT_INT16: { array: Int16Array, valueField: 'intVal' },
  DT_INT32: { array: Int32Array, valueField: 'intVal' },
  DT_INT64: { array: BigInt64Array, valueField: 'int64Val' },
  DT_UINT8: { array: Uint8Array, valueField: 'intVal' },
  DT_UINT16: { array: Uint16Array, valueField: 'intVal' },
  DT_UINT32: { array: Uint32Array, valueField: 'uint32Val' },
  DT_UINT64: { array: BigUint64Array, valueField: 'uint64Val' },
  DT_BOOL: { array: Uint8Array, valueField: 'boolVal' },
};

/**
 * How a dtype's elements are held, `undefined` for DT_STRING.
 * @throws InvalidTensorError for a dtype that is unknown or not carried (complex, DT_INVALID).
 */
export function numericDataType(dtype: DataTypeName): NumericDataType | undefined {
  if (dtype === 'DT_STRING') {
    return undefined;
  }
  // Own keys alone: the name may come from outside.
  const type = Object.hasOwn(NUMERIC_TYPES, dtype) ? NUMERIC_TYPES[dtype] : undefined;
  if (type === undefined) {
    throw new InvalidTensorError(`Expected a supported dtype but received ${dtype}`);
  }
  return type;
}

/** Whether tensors of this dtype can be carried. */
export function isSupportedDataType(dtype: DataTypeName): boolean {
  return dtype === 'DT_STRING' || Object.hasOwn(NUMERIC_TYPES, dtype);
}

/**
 * Bytes per element, `undefined` for DT_STRING, whose elements vary.
 * @throws InvalidTensorError for a dtype that is not carried.
 */
export function elementSize(dtype: DataTypeName): number | undefined {
  return numericDataType(dtype)?.array.BYTES_PER_ELEMENT;
}
