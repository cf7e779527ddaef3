import type { Tensor, TensorData } from './tensor.js';

/**
 * Tensors of one dtype and row shape as one, along their first dimension; a single one as it is.
 *
 * @throws RangeError where their rows differ
 */
export function joinTensors(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new RangeError('Expected a tensor');
  if (tensors.length === 1) return first;
  const rowShape = first.shape.slice(1);
  for (const { dtype, shape } of tensors) {
    if (dtype !== first.dtype || shape.slice(1).join() !== rowShape.join()) {
      throw new RangeError('Expected tensors whose rows are alike');
    }
  }
  const rows = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return { dtype: first.dtype, shape: [rows, ...rowShape], data: joinData(tensors) };
}

/** One row, as a batch of one; a view. */
export function rowOf({ dtype, shape, data }: Tensor, row: number): Tensor {
  const length = data.length / shape[0]!;
  const [from, to] = [row * length, (row + 1) * length];
  const part = Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
  return { dtype, shape: [1, ...shape.slice(1)], data: part };
}

type NumericData = Exclude<TensorData, Uint8Array[]>;

function joinData(tensors: readonly Tensor[]): TensorData {
  const parts = tensors.map(({ data }) => data);
  const [first] = parts;
  if (Array.isArray(first)) return (parts as Uint8Array[][]).flat();
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // All of the first one's type: their dtypes are alike.
  const joined = new (first!.constructor as new (length: number) => NumericData)(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part as never, offset);
    offset += part.length;
  }
  return joined;
}
