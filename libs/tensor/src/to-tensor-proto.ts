import type { TensorProto } from '#protos';
import { numericDataType } from './data-types.js';
import { InvalidTensorError } from './errors.js';
import { elementCount } from './shape.js';
import type { Tensor } from './tensor.js';

/**
 * The message that carries a tensor: numbers as `tensor_content`, a view of the array's own bytes
 * (so the array must not change before the message is sent), strings as `string_val`.
 * @throws InvalidTensorError where the array is not the dtype's, or does not fill the shape.
 */
export function toTensorProto(tensor: Tensor): TensorProto {
  const { dtype, shape, data } = tensor;
  const count = elementCount(shape);
  const type = numericDataType(dtype);
  // By name rather than by instanceof: an array may come from another realm.
  const expected = type?.array.name ?? 'Array';
  const received = Array.isArray(data) ? 'Array' : data[Symbol.toStringTag];
  if (received !== expected) {
    throw new InvalidTensorError(`Expected ${expected} for ${dtype} but received ${received}`);
  }
  if (data.length !== count) {
    throw new InvalidTensorError(
      `Expected ${count} elements for shape [${shape.join(', ')}] but received ${data.length}`,
    );
  }
  const header = { dtype, tensorShape: { dim: shape.map((size) => ({ size })) } };
  return Array.isArray(data)
    ? { ...header, stringVal: data }
    : { ...header, tensorContent: Buffer.from(data.buffer, data.byteOffset, data.byteLength) };
}
