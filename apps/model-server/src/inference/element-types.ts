import type { Tensor } from 'onnxruntime-node';
import type { DataTypeName } from '#protos';

/** Element types of ONNX Runtime that TensorFlow has too, under their names in either. */
const DATA_TYPES: Partial<Record<Tensor.Type, DataTypeName>> = {
  float32: 'DT_FLOAT',
  float64: 'DT_DOUBLE',
  float16: 'DT_HALF',
  int8: 'DT_INT8',
  int16: 'DT_INT16',
  int32: 'DT_INT32',
  int64: 'DT_INT64',
  uint8: 'DT_UINT8',
  uint16: 'DT_UINT16',
  uint32: 'DT_UINT32',
  uint64: 'DT_UINT64',
  bool: 'DT_BOOL',
  string: 'DT_STRING',
};

/** @returns undefined for a type that TensorFlow Serving's API does not carry (int4, uint4) */
export function dataTypeOf(type: Tensor.Type): DataTypeName | undefined {
  return DATA_TYPES[type];
}
