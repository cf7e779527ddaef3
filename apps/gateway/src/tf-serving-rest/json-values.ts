import { toFloat32Array, type Tensor } from '#tensor';

/**
 * Elements of a tensor as JSON texts, written as TensorFlow Serving's REST API writes them
 * (`AddSingleValueAndAdvance` and `WriteDecimal` in json_tensor.cc): floats with few digits where
 * those tell them apart, a fraction even where it is zero, and `NaN` and `Infinity`, which strict
 * parsers of JSON refuse.
 *
 * @param alias one that ends in `_bytes` has its strings in base64
 */
export function jsonElements(tensor: Tensor, alias: string): string[] {
  const { dtype, data } = tensor;
  if (Array.isArray(data)) {
    const isBytes = alias.endsWith('_bytes');
    return data.map((bytes) => {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return JSON.stringify(isBytes ? { b64: text.toString('base64') } : text.toString('utf8'));
    });
  }
  switch (dtype) {
    case 'DT_DOUBLE':
      return Array.from(data as Float64Array, (value) => jsonDecimal(value, 17, Number));
    case 'DT_FLOAT':
    case 'DT_HALF':
    case 'DT_BFLOAT16':
      return Array.from(toFloat32Array(tensor), (value) => jsonDecimal(value, 9, Math.fround));
    case 'DT_BOOL':
      return Array.from(data as Uint8Array, (value) => String(value !== 0));
    default:
      return Array.from(data as Iterable<number | bigint>, String);
  }
}

/**
 * @param digits so many tell every value from its neighbours
 * @param round to the precision of the values
 */
function jsonDecimal(value: number, digits: number, round: (value: number) => number): string {
  if (!Number.isFinite(value)) return String(value);
  const short = Number(value.toPrecision(6));
  const text = String(round(short) === value ? short : Number(value.toPrecision(digits)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Nested lists of the elements, as the shape has them. */
export function jsonNested(elements: readonly string[], shape: readonly number[]): string {
  let next = 0;
  const render = (axis: number): string =>
    axis === shape.length
      ? elements[next++]!
      : `[${Array.from({ length: shape[axis]! }, () => render(axis + 1)).join(',')}]`;
  return render(0);
}
