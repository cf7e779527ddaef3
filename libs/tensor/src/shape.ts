import type { TensorShapeProto } from '#protos';
import { InvalidTensorError } from './errors.js';

/** TensorFlow's own bound (`TensorShape::MaxDimensions`). */
const MAX_DIMENSIONS = 254;

/**
 * How many elements a shape holds; 1 for a scalar.
 * @throws InvalidTensorError where a dimension is not a whole number ≥ 0, or the count passes 2^53.
 */
export function elementCount(shape: readonly number[]): number {
  if (shape.length > MAX_DIMENSIONS) {
    throw new InvalidTensorError(
      `Expected at most ${MAX_DIMENSIONS} dimensions but received ${shape.length}`,
    );
  }
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new InvalidTensorError(
        `Expected dimensions to be whole numbers from 0 but received [${shape.join(', ')}]`,
      );
    }
    if (!Number.isSafeInteger(count)) {
      throw new InvalidTensorError(`Too many elements in shape [${shape.join(', ')}]`);
    }
  }
  return count;
}

/**
 * The shape of a message; one that is absent is a scalar's, as in TensorFlow.
 * @throws InvalidTensorError where the rank is unknown: a value always has one.
 */
export function shapeFromProto(proto: TensorShapeProto | null | undefined): number[] {
  if (proto?.unknownRank) {
    throw new InvalidTensorError('Expected a tensor of known rank');
  }
  return (proto?.dim ?? []).map(({ size = 0 }) => Number(size));
}
