import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { ApiProblem } from '../errors/problem.openapi.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

export const SCORES: Schema = {
  type: 'object',
  additionalProperties: { type: 'number', minimum: 0, maximum: 1 },
  example: { pants: 0.9871, shorts: 0.0094 },
};

export const IMAGE_REQUEST: Schema = {
  oneOf: [
    {
      title: 'A link',
      type: 'object',
      required: ['url'],
      additionalProperties: false,
      properties: { url: { type: 'string', example: 'https://example.com/pants.jpg' } },
    },
    {
      title: 'The image itself',
      type: 'object',
      required: ['image'],
      additionalProperties: false,
      properties: { image: { type: 'string', description: 'Base64, or a data: URI.' } },
    },
  ],
};

const UPLOAD: Schema = {
  type: 'object',
  required: ['image'],
  properties: { image: { type: 'string', format: 'binary' } },
};

const BINARY: Schema = { type: 'string', format: 'binary' };

export const MODEL_VERSION_HEADER = {
  'X-Model-Version': {
    description: 'The version of the model that answered.',
    schema: { type: 'string' as const },
  },
};

/** What `parsePredictQuery` reads. */
export function ApiPredictQuery(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'top',
      required: false,
      schema: { type: 'integer', minimum: 1 },
      description: 'Answer only so many classes, best first.',
    }),
    ApiQuery({
      name: 'model',
      required: false,
      schema: { type: 'string' },
      description: 'Another model of the catalogue.',
    }),
    ApiQuery({
      name: 'version',
      required: false,
      schema: { type: 'string', pattern: '^[1-9][0-9]*$' },
      description: 'One version of the model; not together with label.',
    }),
    ApiQuery({
      name: 'label',
      required: false,
      schema: { type: 'string' },
      description: 'The version that bears this label, such as stable or canary.',
    }),
  );
}

/** The OpenAPI description of `POST /predict`. */
export function DescribePredict(): MethodDecorator {
  return applyDecorators(
    ApiTags('prediction'),
    ApiOperation({
      operationId: 'predict',
      summary: 'Classify one image',
      description:
        'Takes an image as a link, in base64, as a form upload or as the raw body. ' +
        'JPEG, PNG, WebP, GIF, BMP and TIFF are told apart by their content.',
    }),
    ApiPredictQuery(),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      schema: { type: 'string' },
      description: 'Entity tags of answers that the caller has; looked at where the cache is on.',
    }),
    ApiConsumes('application/json', 'multipart/form-data', 'image/*'),
    ApiBody({ required: true, schema: IMAGE_REQUEST }),
    ApiResponse({
      status: 200,
      description: 'Each class with its probability, in the order of the labels.',
      headers: MODEL_VERSION_HEADER,
      content: { 'application/json': { schema: SCORES } },
    }),
    ApiResponse({
      status: 304,
      description:
        'The answer is one of those that If-None-Match names; only where the cache is on.',
    }),
    ApiProblem(400, 'The request, its link or its image field is not as expected.'),
    ApiProblem(404, 'No such model, or no such version or label of it.'),
    ApiProblem(413, 'Too many bytes or pixels.'),
    ApiProblem(415, 'Not an image that can be read, or not an accepted type of body.'),
    ApiProblem(422, 'The image is broken or cut short.'),
    ApiProblem(502, "The link's server or the model failed."),
    ApiProblem(503, 'The model is not available, or there is too much work; see Retry-After.'),
    ApiProblem(504, "The link's server or the whole request took too long."),
  );
}

/** Each way to send an image has a schema of its own, which one decorator cannot say. */
export const PREDICT_BODY_CONTENT = {
  'application/json': { schema: IMAGE_REQUEST },
  'multipart/form-data': { schema: UPLOAD },
  'image/*': { schema: BINARY },
};
