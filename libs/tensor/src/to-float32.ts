import { float32FromBfloat16 } from './bfloat16.js';
import { InvalidTensorError } from './errors.js';
import { float32FromHalf } from './float16.js';
import type { Tensor } from './tensor.js';

/**
 * The elements as float32: the tensor's own array for DT_FLOAT, a converted copy for every other
 * numeric dtype (wide integers and doubles are rounded; a bool is 0 or 1).
 * @throws InvalidTensorError for strings.
 */
export function toFloat32Array({ dtype, data }: Tensor): Float32Array {
  if (Array.isArray(data)) {
    throw new InvalidTensorError(`Expected numbers but received ${dtype}`);
  }
  switch (dtype) {
    case 'DT_FLOAT':
      return data as Float32Array;
    case 'DT_HALF':
      return float32FromHalf(data as Uint16Array);
    case 'DT_BFLOAT16':
      return float32FromBfloat16(data as Uint16Array);
    case 'DT_INT64':
    case 'DT_UINT64':
      return Float32Array.from(data as BigInt64Array | BigUint64Array, Number);
    default:
      return Float32Array.from(data as Float64Array);
  }
}
