import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { ApiProblem, PROBLEM } from '../errors/problem.openapi.js';
import {
  ApiPredictQuery,
  IMAGE_REQUEST,
  MODEL_VERSION_HEADER,
  SCORES,
} from '../prediction/predict.openapi.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const REQUEST: Schema = {
  type: 'object',
  required: ['images'],
  additionalProperties: false,
  properties: {
    images: {
      type: 'array',
      minItems: 1,
      description: 'At most BATCH_MAX_IMAGES.',
      items: IMAGE_REQUEST,
      example: [{ url: 'https://example.com/pants.jpg' }, { image: '/9j/4AAQSkZJRg…' }],
    },
  },
};

const ANSWER: Schema = {
  type: 'object',
  required: ['predictions'],
  properties: {
    predictions: {
      type: 'array',
      description: 'One for each image, in their order.',
      items: {
        oneOf: [
          { title: 'Probabilities', ...SCORES },
          {
            title: 'Why there are none',
            type: 'object',
            required: ['error'],
            additionalProperties: false,
            properties: { error: PROBLEM },
          },
        ],
      },
    },
  },
};

/** The OpenAPI description of `POST /predict/batch`. */
export function DescribeBatch(): MethodDecorator {
  return applyDecorators(
    ApiTags('prediction'),
    ApiOperation({
      operationId: 'predictBatch',
      summary: 'Classify several images',
      description:
        'An image that cannot be had or read has a problem in its own place, and spoils no other. ' +
        'Where the model fails, the whole request does, whatever its images were: none of them has ' +
        'an answer then.',
    }),
    ApiPredictQuery(),
    ApiBody({ required: true, schema: REQUEST }),
    ApiResponse({
      status: 200,
      description: 'For each image its prediction, or why it has none.',
      headers: MODEL_VERSION_HEADER,
      content: { 'application/json': { schema: ANSWER } },
    }),
    ApiProblem(400, 'The request is not as expected, or has too many images.'),
    ApiProblem(404, 'No such model, or no such version or label of it.'),
    ApiProblem(413, 'The whole request has too many bytes.'),
    ApiProblem(415, 'Not JSON.'),
    ApiProblem(502, 'The model failed.'),
    ApiProblem(
      503,
      'The model is not available, or there is too much work to take that many images; see Retry-After.',
    ),
    ApiProblem(504, 'The whole request took too long.'),
  );
}
