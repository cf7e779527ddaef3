import type { Any, DataTypeName, SignatureDef, TensorInfo } from '#protos';
import { signatureDefMap } from './package-definition.js';

/** What a signature asks for or gives under one alias. */
export interface SignatureTensor {
  /** `DT_INVALID` for a type that no tensor of this API can have. */
  dtype: DataTypeName;
  /** -1 is any size; `undefined` where even the rank is open. */
  shape: number[] | undefined;
  /** The graph's own name, `op:0`. */
  tensorName: string;
}

/** A signature's inputs and outputs by alias. */
export interface Signature {
  inputs: Record<string, SignatureTensor>;
  outputs: Record<string, SignatureTensor>;
  /** Such as `tensorflow/serving/predict`. */
  methodName: string;
}

const SIGNATURE_DEF_MAP = /\/tensorflow\.serving\.SignatureDefMap$/;

/**
 * The signatures in GetModelMetadata's `signature_def`.
 * @throws Error where it is missing, is another message, or cannot be decoded.
 */
export function signaturesFromAny(any: Any | undefined): Record<string, Signature> {
  if (!any?.type_url || !SIGNATURE_DEF_MAP.test(any.type_url)) {
    throw new Error(`Expected a SignatureDefMap but received ${any?.type_url ?? 'nothing'}`);
  }
  const { signatureDef = {} } = signatureDefMap.deserialize(Buffer.from(any.value ?? []));
  return mapValues(signatureDef, toSignature);
}

/** A signature as the protos have it, which may come from a SavedModel's own file too. */
export function toSignature({
  inputs = {},
  outputs = {},
  methodName = '',
}: SignatureDef): Signature {
  return {
    inputs: mapValues(inputs, toSignatureTensor),
    outputs: mapValues(outputs, toSignatureTensor),
    methodName,
  };
}

function toSignatureTensor({ name = '', dtype, tensorShape }: TensorInfo): SignatureTensor {
  return {
    // An enum value that the protos do not list arrives as its number.
    dtype: typeof dtype === 'string' ? dtype : 'DT_INVALID',
    shape: tensorShape?.unknownRank
      ? undefined
      : (tensorShape?.dim ?? []).map(({ size = 0 }) => Number(size)),
    tensorName: name,
  };
}

function mapValues<From, To>(
  record: Record<string, From>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
