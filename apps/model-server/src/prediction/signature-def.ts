import type { SignatureDef, TensorInfo } from '#protos';
import type { Signature, TensorSpec } from '../inference/signature.js';

/** A signature as GetModelMetadata tells it, as if the graph had been a SavedModel's. */
export function signatureDef({ inputs, outputs }: Signature): SignatureDef {
  return {
    inputs: Object.fromEntries(inputs.map(tensorInfo)),
    outputs: Object.fromEntries(outputs.map(tensorInfo)),
    methodName: 'tensorflow/serving/predict',
  };
}

function tensorInfo({ alias, dtype, shape }: TensorSpec): [string, TensorInfo] {
  const dim = shape?.map((size) =>
    typeof size === 'string' ? { size: -1, name: size } : { size },
  );
  return [
    alias,
    { name: `${alias}:0`, dtype, tensorShape: dim === undefined ? { unknownRank: true } : { dim } },
  ];
}
