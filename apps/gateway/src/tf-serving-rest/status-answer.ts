import type { ModelSignatures, ModelVersion, SignatureTensor } from '#serving-client';

/** GetModelStatusResponse as TensorFlow Serving's REST API has it. */
export function renderStatus(versions: readonly ModelVersion[]): object {
  return {
    model_version_status: versions.map(({ version, state, errorCode, errorMessage }) => ({
      version,
      state,
      status: { error_code: errorCode, error_message: errorMessage },
    })),
  };
}

/** GetModelMetadataResponse as TensorFlow Serving's REST API has it. */
export function renderMetadata(name: string, { version, signatures }: ModelSignatures): object {
  const signatureDef = mapValues(signatures, ({ inputs, outputs, methodName }) => ({
    inputs: mapValues(inputs, renderTensorInfo),
    outputs: mapValues(outputs, renderTensorInfo),
    method_name: methodName,
  }));
  return {
    model_spec: { name, signature_name: '', version },
    metadata: { signature_def: { signature_def: signatureDef } },
  };
}

function renderTensorInfo({ dtype, shape, tensorName }: SignatureTensor): object {
  return {
    dtype,
    tensor_shape: {
      dim: (shape ?? []).map((size) => ({ size: String(size), name: '' })),
      unknown_rank: shape === undefined,
    },
    name: tensorName,
  };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
