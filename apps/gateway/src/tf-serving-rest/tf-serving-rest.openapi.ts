import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { MODEL_VERSION_HEADER } from '../prediction/predict.openapi.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const TAG = 'TensorFlow Serving REST, KServe v1';

const IMAGE: Schema = {
  oneOf: [
    {
      title: 'The image itself',
      type: 'object',
      required: ['b64'],
      properties: { b64: { type: 'string', description: 'Base64.' } },
      additionalProperties: false,
    },
    {
      title: 'A link',
      type: 'object',
      required: ['url'],
      properties: { url: { type: 'string' } },
      additionalProperties: false,
    },
    {
      title: "Either of them under the input's name",
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      description: 'The name is "image" or the alias that the signature has.',
    },
  ],
};

const IMAGES: Schema = {
  type: 'array',
  minItems: 1,
  description: 'At most BATCH_MAX_IMAGES.',
  items: IMAGE,
};

const SIGNATURE_NAME: Schema = {
  type: 'string',
  description: "Left out: the one that the model's spec names.",
};

const REQUEST: Schema = {
  oneOf: [
    {
      title: 'Row format',
      type: 'object',
      required: ['instances'],
      properties: { signature_name: SIGNATURE_NAME, instances: IMAGES },
    },
    {
      title: 'Column format',
      type: 'object',
      required: ['inputs'],
      properties: {
        signature_name: SIGNATURE_NAME,
        inputs: { oneOf: [IMAGES, { type: 'object', additionalProperties: IMAGES }] },
      },
    },
  ],
  example: { instances: [{ b64: '/9j/4AAQSkZJRg…' }, { url: 'https://example.com/pants.jpg' }] },
};

const ANSWER: Schema = {
  oneOf: [
    {
      title: 'To the row format',
      type: 'object',
      required: ['predictions'],
      properties: {
        predictions: {
          type: 'array',
          description: 'Of each image a value, or, of several outputs, an object by their aliases.',
          items: {},
        },
      },
    },
    {
      title: 'To the column format',
      type: 'object',
      required: ['outputs'],
      properties: { outputs: { description: 'A list, or, of several outputs, an object.' } },
    },
  ],
  example: { predictions: [[-1.86829, -4.7612, -2.3169, -1.0626, 9.8872]] },
};

const STATUS: Schema = {
  type: 'object',
  required: ['model_version_status', 'name', 'ready'],
  properties: {
    model_version_status: {
      type: 'array',
      items: {
        type: 'object',
        required: ['version', 'state', 'status'],
        properties: {
          version: { type: 'string', example: '1' },
          state: { enum: ['UNKNOWN', 'START', 'LOADING', 'AVAILABLE', 'UNLOADING', 'END'] },
          status: {
            type: 'object',
            required: ['error_code', 'error_message'],
            properties: { error_code: { type: 'string' }, error_message: { type: 'string' } },
          },
        },
      },
    },
    name: { type: 'string' },
    ready: { type: 'boolean', description: 'Whether it answers predictions; of KServe v1.' },
  },
};

const unknownModel = () => ApiProblem(404, 'No such model, or no such version or label of it.');
const unavailable = () => ApiProblem(503, 'The model server does not answer; see Retry-After.');
const tooSlow = () => ApiProblem(504, 'The model server did not answer in time.');
const failed = () => ApiProblem(502, 'The model server failed.');

export function DescribeModels(): MethodDecorator {
  return applyDecorators(
    ApiTags(TAG),
    ApiOperation({ operationId: 'v1Models', summary: 'The names of the models' }),
    ApiResponse({
      status: 200,
      description: 'All of the catalogue.',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['models'],
            properties: { models: { type: 'array', items: { type: 'string' } } },
            example: { models: ['clothing-model'] },
          },
        },
      },
    }),
  );
}

export function DescribeStatus(): MethodDecorator {
  return applyDecorators(
    ApiTags(TAG),
    ApiOperation({ operationId: 'v1ModelStatus', summary: 'The versions of a model' }),
    ApiResponse({
      status: 200,
      description: 'Those that the model server knows of, whatever their state.',
      content: { 'application/json': { schema: STATUS } },
    }),
    unknownModel(),
    failed(),
    unavailable(),
    tooSlow(),
  );
}

export function DescribeMetadata(): MethodDecorator {
  return applyDecorators(
    ApiTags(TAG),
    ApiOperation({
      operationId: 'v1ModelMetadata',
      summary: 'The signatures of a model',
      description:
        'As TensorFlow Serving has them. The tensors that they take are made of images here.',
    }),
    ApiResponse({
      status: 200,
      description: 'SignatureDefMap as JSON.',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['model_spec', 'metadata'],
            properties: { model_spec: { type: 'object' }, metadata: { type: 'object' } },
          },
        },
      },
    }),
    unknownModel(),
    failed(),
    unavailable(),
    tooSlow(),
  );
}

export function DescribePredictOutputs(): MethodDecorator {
  return applyDecorators(
    ApiTags(TAG),
    ApiOperation({
      operationId: 'v1Predict',
      summary: "A model's raw outputs",
      description:
        'Values that are not finite are written as NaN, Infinity and -Infinity. An image that cannot ' +
        'be had or read fails the request, whose detail says which.',
    }),
    ApiBody({ required: true, schema: REQUEST }),
    ApiResponse({
      status: 200,
      description: 'A row for each image, in their order.',
      headers: MODEL_VERSION_HEADER,
      content: { 'application/json': { schema: ANSWER } },
    }),
    ApiProblem(400, 'The request, or a link in it, is not as expected.'),
    ApiProblem(404, 'No such model, or no such version, label or signature of it.'),
    ApiProblem(413, 'Too many bytes or pixels.'),
    ApiProblem(415, 'Not an image that can be read.'),
    ApiProblem(422, 'An image is broken or cut short.'),
    ApiProblem(502, "A link's server or the model failed."),
    ApiProblem(503, 'The model is not available, or there is too much work; see Retry-After.'),
    ApiProblem(504, "A link's server or the whole request took too long."),
  );
}
