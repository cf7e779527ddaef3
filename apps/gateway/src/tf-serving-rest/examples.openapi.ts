/** Of the clothing model, for the image that the requests show. */
export const EXAMPLE_OUTPUTS = [
  [
    -1.75825739, -1.82094479, 0.860451, -2.076756, -3.13922191, -1.40158749, -2.09223557,
    -1.76357162, -1.58809102, 5.03816319,
  ],
];

export const EXAMPLE_STATUS = {
  model_version_status: [
    { version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
  ],
  name: 'clothing-model',
  ready: true,
};

export const EXAMPLE_METADATA = {
  model_spec: { name: 'clothing-model', signature_name: '', version: '1' },
  metadata: {
    signature_def: {
      signature_def: {
        serving_default: signature('DT_FLOAT'),
        serving_uint8: signature('DT_UINT8'),
      },
    },
  },
};

function signature(dtype: string) {
  return {
    inputs: { input_8: tensor(dtype, 'input_8:0', -1, 299, 299, 3) },
    outputs: { dense_7: tensor('DT_FLOAT', 'dense_7:0', -1, 10) },
    method_name: 'tensorflow/serving/predict',
  };
}

function tensor(dtype: string, name: string, ...sizes: number[]) {
  const dim = sizes.map((size) => ({ size: String(size), name: '' }));
  return { dtype, tensor_shape: { dim, unknown_rank: false }, name };
}
