import type { Tensor as OrtTensor } from 'onnxruntime-node';

/** Elements as they travel to and from a session's thread: raw little-endian bytes, or texts. */
export type Elements = Uint8Array<ArrayBuffer> | string[];

/** A value for, or from, ONNX Runtime. `dims[0]` is the number of rows where there are any. */
export interface Value {
  type: OrtTensor.Type;
  dims: readonly number[];
  data: Elements;
}

/** Values under the names that the graph gives its inputs or outputs. */
export type Values = Record<string, Value>;

/** The values of several requests as one, joined along the first dimension, in order. */
export function joinRows(parts: readonly Values[]): Values {
  const [first] = parts;
  return mapValues(first!, (value, name) => {
    const values = parts.map((part) => part[name]!);
    const rows = values.reduce((sum, { dims }) => sum + dims[0]!, 0);
    return { ...value, dims: [rows, ...value.dims.slice(1)], data: concatenate(values) };
  });
}

/** The rows [from, to) of each value; bytes are views, not copies. */
export function sliceRows(values: Values, from: number, to: number): Values {
  return mapValues(values, (value) => {
    const size = value.data.length / Math.max(1, value.dims[0]!);
    const data = Array.isArray(value.data)
      ? value.data.slice(from * size, to * size)
      : value.data.subarray(from * size, to * size);
    return { ...value, dims: [to - from, ...value.dims.slice(1)], data };
  });
}

/** One row of zeros (empty texts) shaped like the rows of these values. */
export function zeroRow(values: Values): Values {
  return mapValues(values, ({ type, dims }) => zeros(type, [1, ...dims.slice(1)]));
}

/** @throws RangeError where that many bytes cannot be had */
export function zeros(type: OrtTensor.Type, dims: readonly number[]): Value {
  const data =
    type === 'string'
      ? new Array<string>(countOf(dims)).fill('')
      : new Uint8Array(bytesOf(type, dims));
  return { type, dims, data };
}

/** What a value of that shape takes; of texts, the references to them. */
export function bytesOf(type: OrtTensor.Type, dims: readonly number[]): number {
  return countOf(dims) * BYTES[type];
}

/** Of any size, where a tensor's own count refuses what passes 2^53: what is too much is for the caller to say. */
function countOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

const BYTES: Record<OrtTensor.Type, number> = {
  string: 8,
  bool: 1,
  int4: 1,
  uint4: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
};

function mapValues(values: Values, map: (value: Value, name: string) => Value): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, map(value, name)]),
  );
}

/** Always a copy: what is sent to a session's thread leaves this one, and requests keep theirs. */
function concatenate(values: readonly Value[]): Elements {
  if (values.every((value): value is Value & { data: string[] } => Array.isArray(value.data))) {
    return values.flatMap(({ data }) => data);
  }
  const bytes = new Uint8Array(values.reduce((sum, { data }) => sum + data.length, 0));
  let offset = 0;
  for (const { data } of values) {
    bytes.set(data as Uint8Array, offset);
    offset += data.length;
  }
  return bytes;
}
