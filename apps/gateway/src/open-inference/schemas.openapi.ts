import { objectOf, ref, type Schema, type Schemas } from '../openapi/schema.js';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const listOf = (items: Schema, others: object = {}): Schema => ({
  type: 'array',
  items,
  ...others,
});
/** As the protocol has it, members that a server does not know do no harm. */
const open = { additionalProperties: true } as const;

export function openInferenceSchemas(maxImages: number): Schemas {
  return { ...SERVER_SCHEMAS, ...requestSchemas(maxImages), ...ANSWER_SCHEMAS };
}

const TENSOR = {
  name: text,
  datatype: { type: 'string', enum: ['BYTES', 'FP32'] },
  shape: listOf({ type: 'integer', minimum: -1 }, { minItems: 1 }),
};

const SERVER_SCHEMAS: Schemas = {
  Server: objectOf({ name: text, version: text, extensions: listOf(text) }),
  ServerLive: objectOf({ live: flag }),
  ServerReady: objectOf({ ready: flag }),
  Model: objectOf({
    name: text,
    versions: listOf(text),
    platform: text,
    inputs: listOf(ref('TensorMetadata')),
    outputs: listOf(ref('TensorMetadata')),
  }),
  TensorMetadata: objectOf(TENSOR),
  ModelReady: objectOf({ name: text, ready: flag }),
};

function requestSchemas(maxImages: number): Schemas {
  const images = { minItems: 1, maxItems: maxImages };
  return {
    InferRequest: objectOf(
      {
        id: { ...text, description: 'Comes back in the answer.' },
        parameters: objectOf(
          { binary_data_output: { ...flag, description: 'The output as binary data.' } },
          { ...open, optional: ['binary_data_output'] },
        ),
        inputs: listOf(ref('InferInput'), { minItems: 1, maxItems: 1 }),
        outputs: listOf(ref('InferRequestedOutput'), { maxItems: 1 }),
      },
      { ...open, optional: ['id', 'parameters', 'outputs'] },
    ),
    InferInput: objectOf(
      {
        name: { type: 'string', enum: ['image'] },
        datatype: { type: 'string', enum: ['BYTES'] },
        shape: listOf(
          { type: 'integer', minimum: 1, maximum: maxImages },
          { minItems: 1, maxItems: 2, description: '[n] or [n, 1] for n images.' },
        ),
        data: listOf(ref('Base64Image'), images),
        parameters: objectOf(
          {
            binary_data_size: {
              type: 'integer',
              minimum: 0,
              description: 'Bytes behind the JSON, instead of data.',
            },
          },
          { ...open, optional: ['binary_data_size'] },
        ),
      },
      { ...open, optional: ['data', 'parameters'] },
    ),
    InferRequestedOutput: objectOf(
      {
        name: { ...text, description: "The alias of the signature's output." },
        parameters: objectOf(
          {
            classification: {
              type: 'integer',
              minimum: 1,
              maximum: Number.MAX_SAFE_INTEGER,
              description: 'So many of the best classes, best first, instead of the values.',
            },
            binary_data: flag,
          },
          { ...open, optional: ['classification', 'binary_data'] },
        ),
      },
      { ...open, optional: ['parameters'] },
    ),
  };
}

const ANSWER_SCHEMAS: Schemas = {
  InferAnswer: objectOf(
    {
      model_name: text,
      model_version: text,
      id: text,
      outputs: listOf(ref('InferOutput'), { minItems: 1, maxItems: 1 }),
    },
    { optional: ['id'] },
  ),
  InferOutput: objectOf(
    {
      ...TENSOR,
      data: listOf(
        { type: ['number', 'string'] },
        { description: 'Values; or "value:index:label".' },
      ),
      parameters: objectOf({ binary_data_size: { type: 'integer', minimum: 0 } }),
    },
    { optional: ['data', 'parameters'] },
  ),
};
