import { objectOf, ref, type Schema, type Schemas } from '../openapi/schema.js';

const text: Schema = { type: 'string' };
const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

export function tfServingSchemas(maxImages: number): Schemas {
  return { ...MODEL_SCHEMAS, ...predictSchemas(maxImages) };
}

const MODEL_SCHEMAS: Schemas = {
  ModelNames: objectOf({ models: { type: 'array', minItems: 1, items: text } }),
  ModelStatus: objectOf({
    model_version_status: {
      type: 'array',
      items: objectOf({
        version: { type: 'string', pattern: '^[0-9]+$' },
        state: {
          type: 'string',
          enum: ['UNKNOWN', 'START', 'LOADING', 'AVAILABLE', 'UNLOADING', 'END'],
        },
        status: objectOf({ error_code: text, error_message: text }),
      }),
    },
    name: text,
    ready: { type: 'boolean', description: 'Whether it answers predictions; of KServe v1.' },
  }),
  TensorInfo: objectOf({
    dtype: { type: 'string', pattern: '^DT_' },
    tensor_shape: objectOf({
      dim: {
        type: 'array',
        items: objectOf({ size: { type: 'string', pattern: '^(-1|[0-9]+)$' }, name: text }),
      },
      unknown_rank: { type: 'boolean' },
    }),
    name: text,
  }),
  ModelMetadata: objectOf({
    model_spec: objectOf({ name: text, signature_name: text, version: text }),
    metadata: objectOf({
      signature_def: objectOf({
        signature_def: mapOf(
          objectOf({
            inputs: mapOf(ref('TensorInfo')),
            outputs: mapOf(ref('TensorInfo')),
            method_name: text,
          }),
        ),
      }),
    }),
  }),
};

function predictSchemas(maxImages: number): Schemas {
  const signatureName = {
    signature_name: { ...text, description: "Left out: the one that the model's spec names." },
  };
  // As with TensorFlow Serving, other members do no harm.
  const open = { optional: ['signature_name'], additionalProperties: true as const };
  const image: Schema = { oneOf: [ref('Base64Instance'), ref('LinkInstance')] };
  const instances: Schema = {
    type: 'array',
    minItems: 1,
    maxItems: maxImages,
    items: ref('Instance'),
  };
  return {
    Base64Instance: objectOf({ b64: ref('Base64Image') }, { title: 'The image itself' }),
    LinkInstance: objectOf({ url: ref('ImageLink') }, { title: 'A link' }),
    Instance: {
      oneOf: [
        ref('Base64Instance'),
        ref('LinkInstance'),
        objectOf(
          { image },
          { title: 'Either of them under the name of the input, which its alias is too' },
        ),
      ],
    },
    PredictInputs: {
      oneOf: [
        objectOf({ instances, ...signatureName }, { ...open, title: 'Row format' }),
        objectOf(
          { inputs: { oneOf: [instances, objectOf({ image: instances })] }, ...signatureName },
          { ...open, title: 'Column format' },
        ),
      ],
    },
    PredictOutputs: {
      oneOf: [
        objectOf(
          {
            predictions: {
              type: 'array',
              minItems: 1,
              maxItems: maxImages,
              description:
                'Of each image a value, or, of several outputs, an object by their aliases.',
              items: {},
            },
          },
          { title: 'To the row format' },
        ),
        objectOf(
          { outputs: { description: 'A list, or, of several outputs, an object.' } },
          { title: 'To the column format' },
        ),
      ],
    },
  };
}
