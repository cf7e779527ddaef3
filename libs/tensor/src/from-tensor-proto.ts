import type { DataTypeName, TensorProto } from '#protos';
import { numericDataType, type NumericArrayConstructor } from './data-types.js';
import { InvalidTensorError } from './errors.js';
import { elementCount, shapeFromProto } from './shape.js';
import { stringsFromContent } from './string-content.js';
import type { Tensor, TensorData } from './tensor.js';
import { numbersFromValues, stringsFromValues } from './values.js';

export interface TensorLimits {
  /**
   * How many bytes may be allocated for elements that the message does not hold as bytes: a message
   * of 20 bytes may claim any shape. Default 64 MiB. A string counts as the 8 bytes of its reference.
   */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a tensor as TensorFlow does (`Tensor::FromProto`, `tf.make_ndarray`): `tensor_content` where
 * it is not empty, else the dtype's `*_val` field, whose last value repeats up to the shape, or zeros
 * where it has none. Numbers in `tensor_content` are not copied unless their address is unaligned, so
 * the tensor keeps the message's memory alive.
 * @throws InvalidTensorError where dtype, shape and contents do not fit together or pass a limit.
 */
export function fromTensorProto(proto: TensorProto, limits: TensorLimits = {}): Tensor {
  // A dtype that the protos do not list arrives as its number, which no table below holds.
  const dtype = proto.dtype as DataTypeName;
  const type = numericDataType(dtype);
  const shape = shapeFromProto(proto.tensorShape);
  const count = elementCount(shape);
  const { maxBytes = DEFAULT_MAX_BYTES } = limits;
  const content = proto.tensorContent;

  let data: TensorData;
  if (type === undefined) {
    assertAllocatable(count * 8, maxBytes);
    data = content?.length
      ? stringsFromContent(content, count)
      : stringsFromValues(proto.stringVal ?? [], count);
  } else if (content?.length) {
    data = numbersFromContent(type.array, content, count);
  } else {
    assertAllocatable(count * type.array.BYTES_PER_ELEMENT, maxBytes);
    data = numbersFromValues(type.array, proto[type.valueField] ?? [], count);
  }
  return { dtype, shape, data };
}

function numbersFromContent(array: NumericArrayConstructor, content: Uint8Array, count: number) {
  const byteLength = count * array.BYTES_PER_ELEMENT;
  if (content.length !== byteLength) {
    throw new InvalidTensorError(
      `Expected ${byteLength} bytes of tensor_content but received ${content.length}`,
    );
  }
  const aligned = content.byteOffset % array.BYTES_PER_ELEMENT === 0;
  const bytes = aligned ? content : new Uint8Array(content);
  return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
}

function assertAllocatable(byteLength: number, maxBytes: number): void {
  if (byteLength > maxBytes) {
    throw new InvalidTensorError(
      `Expected at most ${maxBytes} bytes of elements but the shape asks for ${byteLength}`,
    );
  }
}
