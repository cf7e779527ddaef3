/** TensorFlow's DataType by its number (tensorflow/core/framework/types.proto). */
const TENSORFLOW: readonly string[] = [
  ...['DT_INVALID', 'DT_FLOAT', 'DT_DOUBLE', 'DT_INT32', 'DT_UINT8', 'DT_INT16', 'DT_INT8'],
  ...['DT_STRING', 'DT_COMPLEX64', 'DT_INT64', 'DT_BOOL', 'DT_QINT8', 'DT_QUINT8', 'DT_QINT32'],
  ...['DT_BFLOAT16', 'DT_QINT16', 'DT_QUINT16', 'DT_UINT16', 'DT_COMPLEX128', 'DT_HALF'],
  ...['DT_RESOURCE', 'DT_VARIANT', 'DT_UINT32', 'DT_UINT64'],
];

/** ONNX's TensorProto.DataType by its number, as TensorFlow names it. */
const ONNX: readonly string[] = [
  ...['DT_INVALID', 'DT_FLOAT', 'DT_UINT8', 'DT_INT8', 'DT_UINT16', 'DT_INT16', 'DT_INT32'],
  ...['DT_INT64', 'DT_STRING', 'DT_BOOL', 'DT_HALF', 'DT_DOUBLE', 'DT_UINT32', 'DT_UINT64'],
  ...['DT_COMPLEX64', 'DT_COMPLEX128', 'DT_BFLOAT16'],
];

/** A name, or `DT_` and the number where it is newer than this. */
export function tensorflowType(number: number): string {
  return TENSORFLOW[number] ?? `DT_${number}`;
}

/** As `tensorflowType`; types that TensorFlow lacks are `ONNX_` and the number. */
export function onnxType(number: number): string {
  return ONNX[number] ?? `ONNX_${number}`;
}
