import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiTags,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';
import { MODEL_VERSION_HEADER } from '../prediction/predict.openapi.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const TAG = 'Open Inference Protocol v2';

const SHAPE: Schema = { type: 'array', items: { type: 'integer' }, example: [1] };

const REQUEST: Schema = {
  type: 'object',
  required: ['inputs'],
  properties: {
    id: { type: 'string', description: 'Comes back in the answer.' },
    parameters: {
      type: 'object',
      properties: {
        binary_data_output: { type: 'boolean', description: 'The output as binary data.' },
      },
    },
    inputs: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: {
        type: 'object',
        required: ['name', 'datatype', 'shape'],
        properties: {
          name: { enum: ['image'] },
          datatype: { enum: ['BYTES'] },
          shape: { ...SHAPE, description: '[n] or [n, 1]; n is at most BATCH_MAX_IMAGES.' },
          data: { type: 'array', items: { type: 'string' }, description: 'Base64.' },
          parameters: {
            type: 'object',
            properties: {
              binary_data_size: {
                type: 'integer',
                minimum: 0,
                description: 'Bytes behind the JSON, instead of data.',
              },
            },
          },
        },
      },
    },
    outputs: {
      type: 'array',
      maxItems: 1,
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', description: "The alias of the signature's output." },
          parameters: {
            type: 'object',
            properties: {
              classification: {
                type: 'integer',
                minimum: 1,
                description: 'So many of the best classes, best first, instead of the values.',
              },
              binary_data: { type: 'boolean' },
            },
          },
        },
      },
    },
  },
  example: {
    id: '42',
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: ['/9j/4AAQSkZJRg…'] }],
    outputs: [{ name: 'dense_7', parameters: { classification: 3 } }],
  },
};

const ANSWER: Schema = {
  type: 'object',
  required: ['model_name', 'model_version', 'outputs'],
  properties: {
    model_name: { type: 'string' },
    model_version: { type: 'string' },
    id: { type: 'string' },
    outputs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'datatype', 'shape'],
        properties: {
          name: { type: 'string' },
          datatype: { enum: ['FP32', 'BYTES'] },
          shape: SHAPE,
          data: {
            type: 'array',
            description: 'Values, null where one is not finite; or "value:index:label".',
            items: { type: ['number', 'string', 'null'] } as unknown as Schema,
          },
          parameters: {
            type: 'object',
            properties: { binary_data_size: { type: 'integer' } },
          },
        },
      },
    },
  },
  example: {
    model_name: 'clothing-model',
    model_version: '1',
    id: '42',
    outputs: [{ name: 'dense_7', datatype: 'BYTES', shape: [1, 1], data: ['9.887200:4:pants'] }],
  },
};

function ApiJson(description: string, properties: Record<string, Schema>): MethodDecorator {
  const schema: Schema = { type: 'object', required: Object.keys(properties), properties };
  return ApiResponse({ status: 200, description, content: { 'application/json': { schema } } });
}

function ApiInference(operationId: string, summary: string, description?: string): MethodDecorator {
  return applyDecorators(ApiTags(TAG), ApiOperation({ operationId, summary, description }));
}

const unknownModel = () => ApiProblem(404, 'No such model, or no such version of it.');

export function DescribeServer(): MethodDecorator {
  return applyDecorators(
    ApiInference('v2Server', 'What this server is'),
    ApiJson('Its name, its version, and what it knows beyond the protocol.', {
      name: { type: 'string' },
      version: { type: 'string' },
      extensions: { type: 'array', items: { type: 'string' } },
    }),
  );
}

export function DescribeLive(): MethodDecorator {
  return applyDecorators(
    ApiInference('v2Live', 'Whether the process answers'),
    ApiJson('It does.', { live: { type: 'boolean' } }),
  );
}

export function DescribeReady(): MethodDecorator {
  return applyDecorators(
    ApiInference('v2Ready', 'Whether predictions can be asked for'),
    ApiJson('As /readyz.', { ready: { type: 'boolean' } }),
    ApiResponse({ status: 503, description: 'Not yet, or not any more: `{"ready": false}`.' }),
  );
}

export function DescribeModel(): MethodDecorator {
  const tensor: Schema = {
    type: 'object',
    required: ['name', 'datatype', 'shape'],
    properties: { name: { type: 'string' }, datatype: { type: 'string' }, shape: SHAPE },
  };
  return applyDecorators(
    ApiInference('v2Model', 'What a model takes and gives'),
    ApiJson('Images in, a score per label out.', {
      name: { type: 'string' },
      versions: { type: 'array', items: { type: 'string' } },
      platform: { type: 'string' },
      inputs: { type: 'array', items: tensor },
      outputs: { type: 'array', items: tensor },
    }),
    unknownModel(),
    ApiProblem(502, 'The model server failed.'),
    ApiProblem(503, 'The model is not available; see Retry-After.'),
    ApiProblem(504, 'The model server did not answer in time.'),
  );
}

export function DescribeModelReady(): MethodDecorator {
  return applyDecorators(
    ApiInference('v2ModelReady', 'Whether a model answers predictions'),
    ApiJson('It does.', { name: { type: 'string' }, ready: { type: 'boolean' } }),
    unknownModel(),
    ApiProblem(502, 'The model server failed.'),
    ApiResponse({ status: 503, description: 'It does not: `{"name", "ready": false}`.' }),
    ApiProblem(504, 'The model server did not answer in time.'),
  );
}

/** Both bodies of `infer`: JSON alone, or JSON with binary data behind it. */
export const INFER_BODY_CONTENT = {
  'application/json': { schema: REQUEST },
  'application/octet-stream': {
    schema: {
      type: 'string',
      format: 'binary',
      description:
        'The JSON, as long as Inference-Header-Content-Length says, and behind it of each image its ' +
        'length, 4 bytes little-endian, and its bytes.',
    } as Schema,
  },
};

export function DescribeInfer(): MethodDecorator {
  return applyDecorators(
    ApiInference(
      'v2Infer',
      "A model's raw output, or its best classes",
      'An image that cannot be read fails the request, whose detail says which.',
    ),
    ApiHeader({
      name: 'Inference-Header-Content-Length',
      required: false,
      schema: { type: 'integer' },
      description: 'Of a body with binary data, the length of its JSON.',
    }),
    ApiBody({ required: true, schema: REQUEST }),
    ApiResponse({
      status: 200,
      description: 'A row for each image, in their order; behind the JSON where that is asked for.',
      headers: MODEL_VERSION_HEADER,
      content: {
        'application/json': { schema: ANSWER },
        'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
      },
    }),
    ApiProblem(400, 'The request is not as expected.'),
    unknownModel(),
    ApiProblem(413, 'Too many bytes or pixels.'),
    ApiProblem(415, 'Not an image that can be read.'),
    ApiProblem(422, 'An image is broken or cut short.'),
    ApiProblem(502, 'The model failed.'),
    ApiProblem(503, 'The model is not available, or there is too much work; see Retry-After.'),
    ApiProblem(504, 'The whole request took too long.'),
  );
}
