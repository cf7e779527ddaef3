export { bfloat16FromFloat32, float32FromBfloat16 } from './bfloat16.js';
export { elementSize, isSupportedDataType } from './data-types.js';
export { InvalidTensorError } from './errors.js';
export { float32FromHalf, halfFromFloat32 } from './float16.js';
export { fromTensorProto, type TensorLimits } from './from-tensor-proto.js';
export { elementCount } from './shape.js';
export type { Tensor, TensorData } from './tensor.js';
export { toFloat32Array } from './to-float32.js';
export { toTensorProto } from './to-tensor-proto.js';
