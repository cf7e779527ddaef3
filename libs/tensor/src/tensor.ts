import type { DataTypeName } from '#protos';

/**
 * The elements of a tensor, row-major. DT_HALF and DT_BFLOAT16 are the raw 16 bits of each element,
 * DT_BOOL one byte each (0 or 1), DT_STRING one byte string each.
 */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Int16Array
  | Int8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Uint8Array[];

/** A dense tensor. An empty `shape` is a scalar: one element. */
export interface Tensor {
  dtype: DataTypeName;
  shape: readonly number[];
  data: TensorData;
}
