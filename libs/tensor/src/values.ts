import type { NumericArray, NumericArrayConstructor } from './data-types.js';
import { InvalidTensorError } from './errors.js';

/**
 * A typed array of `count` elements from a `*_val` field: fewer values repeat the last one, none are
 * zeros (`FromProtoField` in tensorflow/core/framework/tensor.cc). Values outside of a narrow integer
 * type wrap around, as in C++. 64-bit values come as decimal strings.
 * @throws InvalidTensorError for more values than elements.
 */
export function numbersFromValues(
  array: NumericArrayConstructor,
  values: readonly (number | string | boolean)[],
  count: number,
): NumericArray {
  assertNotMore(values.length, count);
  const numbers = new array(count);
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) {
    numbers.set(values.map(BigInt));
    numbers.fill(numbers[values.length - 1] ?? 0n, values.length);
  } else {
    numbers.set(values.map(Number));
    numbers.fill(numbers[values.length - 1] ?? 0, values.length);
  }
  return numbers;
}

/** The same for `string_val`; where it has no values the strings are empty. */
export function stringsFromValues(values: readonly Uint8Array[], count: number): Uint8Array[] {
  assertNotMore(values.length, count);
  const last = values.at(-1) ?? new Uint8Array();
  return Array.from({ length: count }, (_, index) => values[index] ?? last);
}

function assertNotMore(received: number, count: number): void {
  if (received > count) {
    throw new InvalidTensorError(`Expected at most ${count} values but received ${received}`);
  }
}
